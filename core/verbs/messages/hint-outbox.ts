import type { MessageId } from '#contracts/ids.ts'
import type { Route } from '#core/ports/instances.ts'
import type { App, Owner } from '#core/verbs/app.ts'
import { commandOwner } from '#core/verbs/instances/command-instance.ts'

/** After the answer, tells the worker that a message waits. It would find it by itself at its next look. */
export function hintOutbox(
  app: Pick<App, 'instances' | 'gateway' | 'background' | 'sharedHints'>,
  owner: Owner,
  route: Route,
  message_id: MessageId,
): void {
  if (route.incarnation === null) return
  // The worker looks at all its instances, so one hint covers what was accepted for any of them meanwhile.
  app.background.run(() =>
    app.sharedHints.give(`${route.serverId}/${route.incarnation}`, () =>
      commandOwner(app, owner, route, 'outbox', { message_id, wait_ms: 0 }),
    ),
  )
}
