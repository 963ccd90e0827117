import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { Move } from '#core/ports/servers.ts'
import { planRebalance } from '#core/rules/rebalance.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { getServer } from './get-server.ts'
import { hintLook } from './hint-look.ts'

/**
 * Orders the fewest moves after which the server holds its share of its region, idle instances first. Returns what was
 * ordered; an instance that was moved or deleted meanwhile is left out. The workers hand over at their own pace. Throws
 * NOT_FOUND, and CONFLICT while the server takes no instances.
 */
export async function rebalanceServer(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  id: ServerId,
): Promise<Move[]> {
  const server = await getServer(app, id)
  if (server.status !== 'active' || server.incarnation === null || server.stopping)
    throw new ApiError('CONFLICT', 'The server takes no instances now: it must be active, with a worker that runs.')
  const [candidates, placed] = await Promise.all([app.servers.placementCandidates(), app.servers.placedInstances()])
  const planned = planRebalance(candidates, placed).filter(({ from, to }) => from === id || to === id)
  const audit = auditOf(actor, { action: 'server.rebalance', target: id, details: { planned: planned.length } })
  const ordered = new Set(await app.servers.place(planned, audit))
  const moves = planned.filter(({ instanceId }) => ordered.has(instanceId))
  if (moves.length > 0) hintLook(app, [...new Set(moves.flatMap(({ from, to }) => [from, to]))])
  return moves
}
