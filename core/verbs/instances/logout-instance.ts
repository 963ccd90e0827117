import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { commandInstance } from './command-instance.ts'

/**
 * Unlinks the device at WhatsApp, which takes a running session, and stops. Throws CONFLICT when it is stopped and
 * WORKER_UNAVAILABLE.
 */
export async function logoutInstance(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Pick<Actor, 'customerId'>,
  id: InstanceId,
): Promise<InstanceView> {
  await commandInstance(app, actor, id, 'logout', {})
  return presentInstance(found('instance', await app.instances.setDesired(actor.customerId, id, 'stopped')))
}
