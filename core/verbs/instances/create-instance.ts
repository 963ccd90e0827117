import { ApiError } from '#contracts/errors.ts'
import type { InstanceView } from '#contracts/http/instances.ts'
import { newId } from '#contracts/ids.ts'
import type { Once } from '#core/ports/idempotency.ts'
import { choosePlacement } from '#core/rules/placement.ts'
import { presentInstance } from '#core/rules/present-instance.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** How often another server is chosen when the chosen one filled up in between. */
const placementAttempts = 3

/** Creates an instance where its customer's go: its server, its region, else the least loaded. Throws INSTANCE_LIMIT_REACHED and NO_CAPACITY. */
export async function createInstance(
  app: Pick<App, 'customers' | 'instances' | 'servers'>,
  actor: Actor,
  input: { name: string; start: boolean },
  once?: Once,
): Promise<InstanceView> {
  const id = newId('instance')
  for (let attempt = 0; attempt < placementAttempts; attempt++) {
    const [customer, candidates] = await Promise.all([
      app.customers.get(actor.customerId),
      app.servers.placementCandidates(),
    ])
    const own = candidates.filter(({ id: serverId }) => serverId === customer?.assignedServerId)
    const server = choosePlacement(own) ?? choosePlacement(candidates, customer?.region ?? undefined)
    if (server === undefined) break
    const desired = input.start ? 'running' : 'stopped'
    const instance = { id, name: input.name, desired, serverId: server.id } as const
    const created = await app.instances.create(actor.customerId, instance, once)
    if (created.outcome === 'created') return presentInstance(created.instance)
    if (created.outcome === 'limit-reached') throw limitReached(created.limit)
  }
  throw new ApiError('NO_CAPACITY', 'No server has room for another instance now.', { retryAfterSeconds: 60 })
}

function limitReached(limit: number): ApiError {
  return new ApiError('INSTANCE_LIMIT_REACHED', `The plan allows ${limit} ${limit === 1 ? 'instance' : 'instances'}.`)
}
