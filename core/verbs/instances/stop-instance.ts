import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { hintSync } from './hint-sync.ts'

/** Wants the instance to stand still, with its pairing kept. Needs no worker, as starting does not. */
export async function stopInstance(
  app: Pick<App, 'instances' | 'gateway' | 'background'>,
  actor: Actor,
  id: InstanceId,
): Promise<InstanceView> {
  const instance = found('instance', await app.instances.setDesired(actor.customerId, id, 'stopped'))
  hintSync(app, actor, id)
  return presentInstance(instance)
}
