import { beforeEach, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { newId, type CustomerId, type InstanceId } from '#contracts/ids.ts'
import { createFakeBackground, type FakeBackground } from '#core/testing/fake-background.ts'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedLoggedInAdmin, type LoggedInAdmin } from './testing/seed-logged-in-admin.ts'
import type { TestEdge } from './testing/test-edge.ts'

/** How an admin helps a customer with an instance: looks, pairs, tries. */

const expires_at = '2026-03-01T12:00:00.000Z'

let background: FakeBackground
let edge: TestEdge
let admin: LoggedInAdmin
let customerId: CustomerId
let id: InstanceId
beforeEach(async () => {
  background = createFakeBackground()
  edge = await openMemoryEdge({ background })
  admin = await seedLoggedInAdmin(edge, 'admin')
  customerId = await seedCustomer(edge.seed, { name: 'Shop' })
  const serverId = await seedServer(edge.seed)
  id = await seedInstance(edge.seed, { customerId, serverId })
})

const ask = (method: string, path: string, body?: object, token = admin.token) =>
  edge.request(`/api/admin/instances/${id}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  })
const answerOf = async (...args: Parameters<typeof ask>) => {
  const response = await ask(...args)
  return { status: response.status, body: await response.json() }
}
const actions = async () => (await edge.seed.rows('auditLogs', { target: id })).map(({ action }) => action)
const setState = (state: 'pairing' | 'connected' | 'disconnected') =>
  edge.seed.update('instances', { id }, { state, stateChangedAt: new Date() })

it('tells the states that it has had, with their reasons, to a viewer too', async () => {
  const { token } = await seedLoggedInAdmin(edge, 'viewer')
  await edge.seed.insert('events', {
    id: newId('event'),
    customerId,
    instanceId: id,
    sequence: 1,
    type: 'instance.state_changed',
    data: { instance_id: id, state: 'failed', reason: 'qr-expired', reason_text: null, phone_number: null },
  })
  expect(await answerOf('GET', '/history', undefined, token)).toMatchObject({
    status: 200,
    body: {
      data: [{ state: 'failed', reason: 'qr-expired', reason_text: /^Nobody scanned/ }],
      meta: { next_cursor: null },
    },
  })
  // What customers write is not for everybody who may look.
  expect((await ask('GET', '/messages', undefined, token)).status).toBe(403)
})

it('sends a test message, tells the worker, and lets its status be followed', async () => {
  const sent = await answerOf('POST', '/messages', { to: '+5511999990002', text: 'Hello' })
  expect(sent).toMatchObject({ status: 202, body: { data: { status: 'queued', text: { body: 'Hello' } } } })
  const { id: messageId } = (sent.body as { data: { id: `msg_${string}` } }).data
  await expect.poll(() => edge.worker.seen).toMatchObject([{ command: 'outbox', request: { message_id: messageId } }])
  await edge.seed.update('messages', { id: messageId }, { status: 'read' })
  expect(await answerOf('GET', `/messages/${messageId}`)).toMatchObject({ body: { data: { status: 'read' } } })
  expect(await answerOf('GET', '/messages?status=read')).toMatchObject({ body: { data: [{ id: messageId }] } })
  expect(await edge.seed.rows('auditLogs', { target: id })).toMatchObject([
    { action: 'instance.test_message', customerId, details: { message_id: messageId } },
  ])
})

it('shows a message of another instance of the same customer to nobody who asks for it here', async () => {
  const other = await seedInstance(edge.seed, { customerId, serverId: await seedServer(edge.seed) })
  const messageId = newId('message')
  await edge.seed.insert('messages', {
    id: messageId,
    customerId,
    instanceId: other,
    direction: 'outbound',
    chat: '+5511999990002',
    sender: 'self',
    waMessageId: 'ABC',
    type: 'text',
    content: { type: 'text', text: { body: 'Not yours' } },
    status: 'queued',
  })
  expect(await answerOf('GET', `/messages/${messageId}`)).toMatchObject({ status: 404 })
})

it('refuses a test message while it is not connected or its customer is suspended, and says which', async () => {
  const test = () => answerOf('POST', '/messages', { to: '+5511999990002', text: 'Hello' })
  await setState('disconnected')
  expect(await test()).toMatchObject({ status: 409, body: { error: { code: 'INSTANCE_NOT_CONNECTED' } } })
  await edge.seed.update('customers', { id: customerId }, { status: 'suspended' })
  expect(await test()).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
  expect(await actions()).toEqual([])
})

it('starts it, and hands out code and link, each in the audit log', async () => {
  edge.worker.answers['pairing-code'] = () => ({ code: 'ABCD1234', expires_at })
  await edge.seed.update('instances', { id }, { desired: 'stopped', state: 'stopped' })
  expect(await answerOf('POST', '/start')).toMatchObject({ status: 202, body: { data: { desired: 'running' } } })
  expect(await answerOf('POST', '/pairing-code', { phone_number: '+5511999990001' })).toMatchObject({
    status: 201,
    body: { data: { code: 'ABCD1234' } },
  })
  const link = await answerOf('POST', '/pairing-link', { valid_hours: 1 })
  expect(link).toMatchObject({ status: 201, body: { data: { url: /\/pair#\S+$/ } } })
  const token = (link.body as { data: { url: string } }).data.url.split('#')[1] ?? ''
  expect(await edge.pairingLinks.verify(token)).toMatchObject({ customerId, instanceId: id })
  expect(await actions()).toEqual(['instance.start', 'instance.pairing_code', 'instance.pairing_link'])
})

it('streams the pairing until the phone is linked', async () => {
  await setState('pairing')
  edge.worker.answers.qr = () => ({ qr: '2@code', expires_at })
  background.sleep = async () => {
    edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'Linked.')
    return setState('connected')
  }
  const text = await (await ask('GET', '/pairing/events')).text()
  expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, event]) => event)).toEqual(['state', 'qr', 'state', 'end'])
  expect(text).toContain('2@code')
  expect(await actions()).toEqual(['instance.show_qr'])
})

it.each([
  ['logs out', { revokedAt: new Date(0) }, undefined, 'INVALID_ADMIN_TOKEN'],
  ['loses the role', undefined, { role: 'viewer' }, 'FORBIDDEN'],
] as const)('ends the stream of an admin who %s meanwhile', async (_what, session, values, code) => {
  await setState('pairing')
  edge.worker.answers.qr = () => ({ qr: '2@code', expires_at })
  background.sleep = async () => {
    if (session !== undefined) await edge.seed.update('adminSessions', { id: admin.sessionId }, session)
    if (values !== undefined) await edge.seed.update('admins', { id: admin.adminId }, values)
  }
  const text = await (await ask('GET', '/pairing/events')).text()
  expect(text).toContain(`"code":"${code}"`)
})
