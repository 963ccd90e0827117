import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { InstanceChanges } from '#core/ports/instances.ts'
import { found } from '#core/rules/not-found.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Changes name or pace. The worker reads the pace at its next look at the outbox, within a second. */
export async function updateInstance(
  app: Pick<App, 'instances'>,
  { customerId }: Actor,
  { id, ...changes }: InstanceChanges & { id: InstanceId },
): Promise<InstanceView> {
  return presentInstance(found('instance', await app.instances.update(customerId, id, changes)))
}
