import type { WebhookId } from '#contracts/ids.ts'
import type { AttemptResult, AttemptVerdict, ClaimedDelivery, ClaimOptions } from '#core/ports/deliveries.ts'
import type { MemoryRows } from '#core/testing/memory-rows.ts'
import { seedCustomer, seedServer } from '#core/testing/seed.ts'
import { seedDelivery, seedEndpoint } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

/** As a dispatcher of the run `run-1`, whose lease is valid once anything was arranged. */
export const claim: ClaimOptions = {
  token: 'dispatcher-1',
  incarnation: 'run-1',
  claimMs: 45_000,
  limit: 10,
  perEndpoint: 8,
  perCustomer: 32,
}
export const answered: AttemptResult = { status: 200, error: null, durationMs: 12, response: 'ok' }
export const refused: AttemptResult = { status: null, error: 'connect-refused', durationMs: 3.4, response: null }

/** What the suites about deliveries share. */
export function deliveriesFixture(world: () => WorkerWorld) {
  const eventIds = (claimed: readonly ClaimedDelivery[]) => claimed.map(({ eventId }) => eventId)

  async function arrange(endpoint: Partial<MemoryRows['webhookEndpoints']> = {}) {
    const { seed } = world()
    await seedServer(seed)
    const customerId = await seedCustomer(seed)
    const endpointId = await seedEndpoint(world(), customerId, endpoint)
    const deliver = (lane: string, values: Partial<MemoryRows['deliveries']> = {}) =>
      seedDelivery(seed, { customerId, endpointId, lane }, values)
    return { customerId, endpointId, deliver }
  }

  async function claimOne(options: Partial<ClaimOptions> = {}): Promise<ClaimedDelivery> {
    const [delivery, ...others] = await world().deliveries.claimDueAcrossCustomers({ ...claim, ...options })
    if (delivery === undefined || others.length > 0) throw new Error('Not one delivery was claimed.')
    return delivery
  }

  async function record(delivery: ClaimedDelivery, result: AttemptResult, verdict: AttemptVerdict): Promise<boolean> {
    const { kept } = await world().deliveries.record([{ delivery, result, verdict }])
    return kept[0] === true
  }

  const endpoint = async (id: WebhookId) => (await world().seed.rows('webhookEndpoints', { id }))[0]

  const stored = async ({ eventId }: Pick<ClaimedDelivery, 'eventId'>) =>
    (await world().seed.rows('deliveries', { eventId }))[0]

  return { eventIds, arrange, claimOne, record, endpoint, stored }
}
