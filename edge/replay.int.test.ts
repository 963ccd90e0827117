import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId, type EventId } from '#contracts/ids.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type Tenant } from './testing/seed-world.ts'

let edge: WorkerdEdge
let own: Tenant
let other: Tenant
beforeAll(async () => {
  edge = await openWorkerdEdge()
  ;({ own, other } = await seedWorld(edge))
})
afterAll(() => edge.close())

/** A delivery of `own`'s endpoint that was given up. */
async function giveUp(occurredAt: Date): Promise<EventId> {
  const { customerId } = own
  const event = { id: newId('event'), customerId, type: 'message.sent', data: {}, occurredAt } as const
  const { id: eventId } = await edge.seed.insert('events', event)
  await edge.seed.insert('deliveries', {
    eventId,
    endpointId: own.ids.webhook_id,
    customerId,
    lane: 'a',
    status: 'dead',
    attempts: 11,
    nextAttemptAt: new Date(0),
    finishedAt: occurredAt,
  })
  return eventId
}

const replay = (body: object, { key = own.key, id = own.ids.webhook_id, idempotencyKey = '' } = {}) =>
  edge.request(`/api/v1/webhooks/${id}/replay`, {
    method: 'POST',
    headers: {
      'x-api-key': key,
      'content-type': 'application/json',
      ...(idempotencyKey === '' ? {} : { 'idempotency-key': idempotencyKey }),
    },
    body: JSON.stringify(body),
  })

const statusOf = async (eventId: EventId) => (await edge.seed.rows('deliveries', { eventId }))[0]?.status

describe('replaying deliveries, in workerd', () => {
  it('makes one event due again, once per Idempotency-Key', async () => {
    const eventId = await giveUp(new Date('2026-01-31T11:00:00Z'))
    const ask = () => replay({ event_id: eventId }, { idempotencyKey: 'once' })
    const first = await ask()
    expect(first.status).toBe(202)
    expect(await first.json()).toMatchObject({ data: { replayed: 1, continue_from: null } })
    expect(await statusOf(eventId)).toBe('pending')

    await edge.seed.update('deliveries', { eventId }, { status: 'delivered' })
    const again = await ask()
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([202, 'true'])
    expect(await again.json()).toMatchObject({ data: { replayed: 1 } })
    expect(await statusOf(eventId)).toBe('delivered')
  })

  it('makes all of a time due again', async () => {
    const at = (second: number) => new Date(Date.UTC(2026, 0, 31, 12, 0, second))
    const [before, first, second] = [await giveUp(at(0)), await giveUp(at(1)), await giveUp(at(2))]
    const answer = await replay({ from: at(1).toISOString(), to: at(3).toISOString() })
    expect(await answer.json()).toMatchObject({ success: true, data: { replayed: 2, continue_from: null } })
    expect(await Promise.all([before, first, second].map(statusOf))).toEqual(['dead', 'pending', 'pending'])
  })

  it('refuses what is no time, what is not there, an endpoint of others and a disabled one', async () => {
    const eventId = await giveUp(new Date('2026-01-31T13:00:00Z'))
    const codeOf = async (answer: Promise<Response>) => {
      const { status, body } = await answer.then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { error: { code: string } },
      }))
      return [status, body.error.code]
    }
    expect(await codeOf(replay({}))).toEqual([400, 'VALIDATION_ERROR'])
    expect(await codeOf(replay({ event_id: eventId, from: '2026-01-31T13:00:00Z' }))).toEqual([400, 'VALIDATION_ERROR'])
    const backwards = { from: '2026-01-31T13:00:00Z', to: '2026-01-31T12:00:00Z' }
    expect(await codeOf(replay(backwards))).toEqual([400, 'VALIDATION_ERROR'])
    expect(await codeOf(replay({ event_id: newId('event') }))).toEqual([404, 'NOT_FOUND'])
    expect(await codeOf(replay({ event_id: eventId }, { key: other.key }))).toEqual([404, 'NOT_FOUND'])
    await edge.seed.update('webhookEndpoints', { id: own.ids.webhook_id }, { status: 'disabled' })
    expect(await codeOf(replay({ event_id: eventId }))).toEqual([409, 'CONFLICT'])
    expect(await statusOf(eventId)).toBe('dead')
  })
})
