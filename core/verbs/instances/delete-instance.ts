import type { InstanceId } from '#contracts/ids.ts'
import { found, notFound } from '#core/rules/not-found.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { commandOwner } from './command-instance.ts'

/** Deletes an instance with its credentials; its session ends when the worker sees it, which the hint hurries. */
export async function deleteInstance(
  app: Pick<App, 'instances' | 'gateway' | 'background'>,
  actor: Actor,
  id: InstanceId,
): Promise<void> {
  // Read first: a deleted instance has no route.
  const route = found('instance', await app.instances.route(actor.customerId, id))
  if (!(await app.instances.remove(actor.customerId, id))) throw notFound('instance')
  if (route.incarnation !== null) app.background.run(() => commandOwner(app, actor, route, 'sync', {}))
}
