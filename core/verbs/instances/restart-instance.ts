import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { commandInstance } from './command-instance.ts'
import { getInstance } from './get-instance.ts'

/** Throws CONFLICT when it is stopped and WORKER_UNAVAILABLE. */
export async function restartInstance(
  app: Pick<App, 'instances' | 'gateway'>,
  actor: Pick<Actor, 'customerId'>,
  id: InstanceId,
): Promise<InstanceView> {
  await commandInstance(app, actor, id, 'restart', {})
  return getInstance(app, actor, id)
}
