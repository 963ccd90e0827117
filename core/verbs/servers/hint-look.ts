import type { ServerId } from '#contracts/ids.ts'
import type { App } from '#core/verbs/app.ts'

/**
 * After the answer, has the workers of these servers look at their orders. They look each second by themselves, so nothing
 * depends on it.
 */
export function hintLook(app: Pick<App, 'servers' | 'gateway' | 'background'>, ids: readonly ServerId[]): void {
  const wanted = new Set(ids)
  app.background.run(async () => {
    const reached = (await app.servers.addresses()).flatMap(({ id, url, incarnation }) =>
      wanted.has(id) && incarnation !== null ? [{ id, url, incarnation }] : [],
    )
    await Promise.allSettled(reached.map((server) => app.gateway.look(server)))
  })
}
