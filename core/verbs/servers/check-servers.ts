import type { NewServerCheck } from '#core/ports/server-checks.ts'
import type { ServerAddress } from '#core/ports/servers.ts'
import { serverVerdict } from '#core/rules/server-verdict.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'

/** Workers lets an invocation have six connections at once; a call that waits for one would be told slow. */
const atOnce = 5

/** Calls each worker's `/health` as the edge reaches it, and keeps what it found; returns of how many servers that changed. */
export async function checkServers({
  serverChecks,
  gateway,
  clock,
}: Pick<AdminApp, 'serverChecks'> & Pick<App, 'gateway' | 'clock'>): Promise<number> {
  const checks: NewServerCheck[] = []
  const waiting = (await serverChecks.targets()).values()

  async function check(server: ServerAddress): Promise<NewServerCheck> {
    const askedAt = clock.now().getTime()
    const answer = await gateway.health(server)
    const tookMs = clock.now().getTime() - askedAt
    return { serverId: server.id, tookMs, ...serverVerdict(server.id, answer, tookMs) }
  }
  async function checkOneByOne(): Promise<void> {
    for (const server of waiting) checks.push(await check(server))
  }

  await Promise.all(Array.from({ length: atOnce }, checkOneByOne))
  return serverChecks.record(checks)
}
