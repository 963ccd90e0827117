import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { App, Owner } from '#core/verbs/app.ts'

export async function getInstance(app: Pick<App, 'instances'>, actor: Owner, id: InstanceId): Promise<InstanceView> {
  return presentInstance(found('instance', await app.instances.get(actor.customerId, id)))
}
