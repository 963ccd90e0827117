import { beforeEach, expect, it } from 'vitest'
import { newId, type CustomerId, type EventId, type WebhookId } from '#contracts/ids.ts'
import { seedCustomer } from '#core/testing/seed.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** A customer's webhook endpoints in the hands of an admin. */

let edge: TestEdge
let token: string
let customerId: CustomerId
let webhookId: WebhookId
beforeEach(async () => {
  edge = await openMemoryEdge()
  ;({ token } = await seedLoggedInAdmin(edge, 'admin'))
  customerId = await seedCustomer(edge.seed)
  ;({ id: webhookId } = await edge.seed.insert('webhookEndpoints', {
    id: newId('webhook'),
    customerId,
    url: 'https://shop.example.com/hook',
    events: ['*'],
    keyRingId: 'none',
    secret: new Uint8Array(),
  }))
})

/** A delivery that was given up after one attempt. */
async function giveUp(occurredAt: string): Promise<EventId> {
  const event = {
    id: newId('event'),
    customerId,
    type: 'message.sent',
    data: {},
    occurredAt: new Date(occurredAt),
  } as const
  const { id: eventId } = await edge.seed.insert('events', event)
  const finishedAt = new Date(occurredAt)
  const delivery = { eventId, endpointId: webhookId, customerId, lane: eventId, attempts: 1, finishedAt } as const
  await edge.seed.insert('deliveries', { ...delivery, status: 'dead', nextAttemptAt: new Date(0) })
  const attempt = { eventId, endpointId: webhookId, attempt: 1, durationMs: 12, status: 500, response: 'no' }
  await edge.seed.insert('deliveryAttempts', attempt)
  return eventId
}

async function ask(method: string, path: string, body?: unknown, bearer = token) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) }
  const response = await edge.request(`/api/admin/customers/${path}`, init)
  return { status: response.status, ...((await response.json()) as object) }
}

it('lists the endpoints without their secrets, and the deliveries of one with every attempt', async () => {
  const eventId = await giveUp('2026-01-31T11:00:00Z')
  const listed = await ask('GET', `${customerId}/webhooks`)
  expect(listed).toMatchObject({ status: 200, data: [{ id: webhookId, url: 'https://shop.example.com/hook' }] })
  expect(JSON.stringify(listed)).not.toContain('secret')
  expect(await ask('GET', `${customerId}/webhooks/${webhookId}`)).toMatchObject({ data: { status: 'enabled' } })
  const deliveries = `${customerId}/webhooks/${webhookId}/deliveries`
  expect(await ask('GET', `${deliveries}?status=dead`)).toMatchObject({
    data: [{ event_id: eventId, attempts: [{ status: 500, response: 'no' }] }],
  })
  expect(await ask('GET', `${deliveries}?status=delivered`)).toMatchObject({ data: [] })
})

it('replays one event or a time, and who did it is in the audit log', async () => {
  const eventId = await giveUp('2026-01-31T11:00:00Z')
  const later = await giveUp('2026-01-31T12:00:00Z')
  const replay = (body: object) => ask('POST', `${customerId}/webhooks/${webhookId}/replay`, body)
  expect(await replay({ event_id: eventId })).toMatchObject({ status: 202, data: { replayed: 1 } })
  const from = '2026-01-31T11:30:00.000Z'
  expect(await replay({ from })).toMatchObject({ status: 202, data: { replayed: 1, continue_from: null } })
  const statuses = await edge.seed.rows('deliveries')
  expect(statuses.map(({ eventId: id, status }) => [id, status])).toEqual([
    [eventId, 'pending'],
    [later, 'pending'],
  ])
  const entries = await edge.seed.rows('auditLogs', { action: 'webhook.replay' })
  expect(entries.map(({ target, customerId: of, details }) => ({ target, of, details }))).toEqual([
    { target: webhookId, of: customerId, details: { event_id: eventId } },
    { target: webhookId, of: customerId, details: { from } },
  ])
})

it('refuses another customer, an unknown one, a disabled endpoint and a viewer', async () => {
  const eventId = await giveUp('2026-01-31T11:00:00Z')
  const other = await seedCustomer(edge.seed)
  expect(await ask('GET', `${other}/webhooks`)).toMatchObject({ status: 200, data: [] })
  expect(await ask('GET', `${newId('customer')}/webhooks`)).toMatchObject({ status: 404 })
  for (const path of ['', '/deliveries']) {
    expect(await ask('GET', `${other}/webhooks/${webhookId}${path}`)).toMatchObject({ status: 404 })
  }
  const body = { event_id: eventId }
  expect(await ask('POST', `${other}/webhooks/${webhookId}/replay`, body)).toMatchObject({ status: 404 })
  await edge.seed.update('webhookEndpoints', { id: webhookId }, { status: 'disabled' })
  const own = `${customerId}/webhooks/${webhookId}/replay`
  expect(await ask('POST', own, body)).toMatchObject({ status: 409, error: { code: 'CONFLICT' } })
  const { token: viewer } = await seedLoggedInAdmin(edge, 'viewer')
  expect(await ask('POST', own, body, viewer)).toMatchObject({ status: 403 })
  expect((await edge.seed.rows('deliveries')).map(({ status }) => status)).toEqual(['dead'])
})
