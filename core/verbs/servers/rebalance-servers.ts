import type { Move } from '#core/ports/servers.ts'
import { planRebalance } from '#core/rules/rebalance.ts'
import type { App } from '#core/verbs/app.ts'
import { hintLook } from './hint-look.ts'

/**
 * Orders the fewest moves after which every server that takes instances holds its share, idle instances first. Returns what
 * was ordered; an instance that was moved or deleted meanwhile is left out. The workers hand over at their own pace.
 */
export async function rebalanceServers(app: Pick<App, 'servers' | 'gateway' | 'background'>): Promise<Move[]> {
  const [servers, placed] = await Promise.all([app.servers.placementCandidates(), app.servers.placedInstances()])
  const planned = planRebalance(servers, placed)
  if (planned.length === 0) return []
  const ordered = new Set(await app.servers.place(planned))
  const moves = planned.filter(({ instanceId }) => ordered.has(instanceId))
  hintLook(app, [...new Set(moves.flatMap(({ from, to }) => [from, to]))])
  return moves
}
