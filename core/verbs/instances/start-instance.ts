import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { App, Owner } from '#core/verbs/app.ts'
import { hintSync } from './hint-sync.ts'

/** Wants the instance to run. Needs no worker: the database is the truth, and whoever runs it works towards it. */
export async function startInstance(
  app: Pick<App, 'instances' | 'gateway' | 'background'>,
  actor: Owner,
  id: InstanceId,
): Promise<InstanceView> {
  const instance = found('instance', await app.instances.setDesired(actor.customerId, id, 'running'))
  hintSync(app, actor, id)
  return presentInstance(instance)
}
