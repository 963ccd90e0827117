import type { InstanceView } from '#contracts/http/instances.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { Page } from '#core/ports/instances.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Newest first. */
export async function listInstances(
  app: Pick<App, 'instances'>,
  actor: Actor,
  input: { limit: number; cursor?: string | undefined; state?: InstanceState | undefined },
): Promise<Page<InstanceView>> {
  const page = await app.instances.list(actor.customerId, input)
  return { ...page, items: page.items.map(presentInstance) }
}
