import { beforeAll, describe, expect, it } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import { newId } from '#contracts/ids.ts'
import { openMemoryEdge } from './testing/open-memory-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'
import type { TestEdge } from './testing/test-edge.ts'

let edge: TestEdge
let world: World
beforeAll(async () => {
  edge = await openMemoryEdge()
  world = await seedWorld(edge)
})

interface Sent {
  method: string
  path: string
  body?: unknown
  headers?: Record<string, string>
}

async function send({ method, path, body, headers }: Sent): Promise<Response> {
  return edge.request(
    path.replace(/:(\w+)/g, (_match, name: string) => world.own.ids[name as 'instance_id']),
    {
      method,
      headers: { 'x-api-key': world.own.key, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
    },
  )
}

/** The details of a refusal. */
async function details(sent: Sent): Promise<Record<string, string>> {
  const response = await send(sent)
  expect(response.status).toBe(400)
  const { error } = failureSchema.parse(await response.json())
  expect(error.code).toBe('VALIDATION_ERROR')
  return error.details
}

const message = { to: '+5511999990002', type: 'text', text: { body: 'Hello' } }
const sendMessage = { method: 'POST', path: '/api/v1/instances/:instance_id/messages' }
const sendShort = { method: 'POST', path: '/send/message' }
const createInstance = { method: 'POST', path: '/api/v1/instances' }
const createWebhook = { method: 'POST', path: '/api/v1/webhooks' }
const updateWebhook = { method: 'PATCH', path: '/api/v1/webhooks/:webhook_id' }
const updateInstance = { method: 'PATCH', path: '/api/v1/instances/:instance_id' }
const pairingCode = { method: 'POST', path: '/api/v1/instances/:instance_id/pairing-code' }
const pairingLink = { method: 'POST', path: '/api/v1/instances/:instance_id/pairing-link' }
const url = 'https://shop.example.com/hooks'
const e164 = 'must be a phone number in E.164 form, such as +5511999990002'
const nul = 'must not contain the NUL character'
const halfPair = 'must not contain half of a surrogate pair'

type Case = [field: string, value: unknown, problem: string]

describe('the pace of an instance', () => {
  it.each<Case>([
    ['new_chats_per_minute', 0, 'must be at least 1'],
    ['new_chats_per_minute', 121, 'must be at most 120'],
    ['new_chats_per_minute', 1.5, 'must be a whole number'],
    ['new_chats_per_minute', '60', 'must be a number'],
    ['name', '', 'must not be empty'],
  ])('refuses %s of %j: %s', async (field, value, problem) => {
    expect(await details({ ...updateInstance, body: withField({}, field, value) })).toEqual({ [field]: problem })
  })

  it('is changed and shown, and nothing is no change', async () => {
    for (const pace of [1, 120, null]) {
      const response = await send({ ...updateInstance, body: { new_chats_per_minute: pace } })
      expect(await response.json()).toMatchObject({ data: { new_chats_per_minute: pace } })
    }
    expect(await details({ ...updateInstance, body: {} })).toEqual({ body: 'must change at least one field' })
  })
})

describe('a message', () => {
  it.each<Case>([
    ['to', undefined, 'is required'],
    ['to', 5511999990002, 'must be a string'],
    ['to', '5511999990002', e164],
    ['to', '+55 11 99999-0002', e164],
    ['to', '+0511999990002', e164],
    ['to', '+123456', e164],
    ['to', '+1234567890123456', e164],
    ['to', '+5511999990002\n', e164],
    ['type', undefined, 'must be one of: text'],
    ['type', 'hologram', 'must be one of: text'],
    ['text', undefined, 'is required'],
    ['text', 'Hello', 'must be an object'],
    ['text.body', undefined, 'is required'],
    ['text.body', '', 'must not be empty'],
    ['text.body', 'x'.repeat(4097), 'must have at most 4096 characters'],
    ['text.body', 'a\u0000b', nul],
    ['text.body', 'a\ud800b', halfPair],
    ['text.colour', 'red', 'is not a known field'],
    ['context', 'msg', 'must be an object'],
    ['context.message_id', 'nonsense', 'must be an id like msg_01h455vb4pex5vsknk084sn02q'],
    ['context.message_id', newId('instance'), 'must be an id like msg_01h455vb4pex5vsknk084sn02q'],
    ['expires_at', 'tomorrow', 'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z'],
    ['expires_at', 1772366400, 'must be a moment in RFC 3339, such as 2026-01-31T12:00:00Z'],
    ['expires_at', '9999-12-31T23:59:59-00:01', 'must be in the years 1 to 9999 of UTC'],
    ['expires_at', '2020-01-01T00:00:00Z', 'must be in the future'],
    ['expires_at', '2999-01-01T00:00:00Z', 'must be at most 7 days ahead'],
    ['if_disconnected', 'drop', 'must be one of: queue, reject'],
  ])('refuses %s of %j: %s', async (field, value, problem) => {
    expect(await details({ ...sendMessage, body: withField(message, field, value) })).toEqual({ [field]: problem })
  })

  it('refuses unknown fields at any depth', async () => {
    const context = { message_id: world.own.ids.message_id, other: 1 }
    expect(await details({ ...sendMessage, body: { ...message, context } })).toEqual({
      'context.other': 'is not a known field',
    })
  })

  it('accepts each field at its limit', async () => {
    const sent = (body: object) => send({ ...sendMessage, body: { ...message, ...body } })
    const inSixDays = new Date(Date.now() + 6 * 86_400_000).toISOString()
    for (const body of [
      { text: { body: 'x'.repeat(4096) } },
      { text: { body: '👩‍👩‍👧 \ud83d\ude00\nline' } },
      { to: '+1234567' },
      { to: '+123456789012345' },
      { expires_at: inSixDays },
      { expires_at: inSixDays.replace('Z', '+02:00') },
      { context: { message_id: world.own.ids.message_id } },
    ]) {
      expect((await sent(body)).status).toBe(202)
    }
  })

  it.each<[string, string, string]>([
    ['idempotency-key', 'x'.repeat(256), 'must have at most 255 characters'],
    ['idempotency-key', 'two words', 'must be printable ASCII without spaces'],
    ['idempotency-key', '', 'must not be empty'],
    ['prefer', 'x'.repeat(201), 'must have at most 200 characters'],
  ])('refuses a header %s of %j', async (name, value, problem) => {
    expect(await details({ ...sendMessage, body: message, headers: { [name]: value } })).toEqual({ [name]: problem })
  })

  it('tells all that is wrong at once', async () => {
    const body = { to: 'me', type: 'text', text: { body: '' }, extra: 1 }
    const headers = { 'idempotency-key': 'two words' }
    expect(await details({ ...sendMessage, path: `${sendMessage.path}?q=1`, body, headers })).toEqual({
      q: 'is not a known field',
      'idempotency-key': 'must be printable ASCII without spaces',
      to: e164,
      'text.body': 'must not be empty',
      extra: 'is not a known field',
    })
  })

  it('tells at most twenty problems', async () => {
    const body = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field${index}`, 1]))
    expect(Object.keys(await details({ ...sendShort, body }))).toHaveLength(20)
  })
})

it.each<[typeof sendMessage, Record<string, unknown>, ...Case]>([
  [sendShort, { phone: '+5511999990002', message: 'x' }, 'phone', 'me', e164],
  [sendShort, { phone: '+5511999990002', message: 'x' }, 'phone', undefined, 'is required'],
  [sendShort, { phone: '+5511999990002', message: 'x' }, 'message', '', 'must not be empty'],
  [sendShort, { phone: '+5511999990002', message: 'x' }, 'message', undefined, 'is required'],
  [
    sendShort,
    { phone: '+5511999990002', message: 'x' },
    'message',
    'x'.repeat(4097),
    'must have at most 4096 characters',
  ],
  [sendShort, { phone: '+5511999990002', message: 'x' }, 'message', '\u0000', nul],
  [createInstance, { name: 'a' }, 'name', undefined, 'is required'],
  [createInstance, { name: 'a' }, 'name', '', 'must not be empty'],
  [createInstance, { name: 'a' }, 'name', '   ', 'must not be empty'],
  [createInstance, { name: 'a' }, 'name', 'x'.repeat(101), 'must have at most 100 characters'],
  [createInstance, { name: 'a' }, 'name', 'a\nb', 'must not contain control characters'],
  [createInstance, { name: 'a' }, 'name', 'a\u0000b', 'must not contain control characters'],
  [createInstance, { name: 'a' }, 'name', 'a\udc00', halfPair],
  [createInstance, { name: 'a' }, 'start', 'yes', 'must be a boolean'],
  [pairingCode, { phone_number: '+1' }, 'phone_number', '5511999990002', e164],
  [pairingCode, { phone_number: '+1' }, 'phone_number', undefined, 'is required'],
  [createWebhook, { url }, 'url', undefined, 'is required'],
  [createWebhook, { url }, 'url', 'shop.example.com', 'must be a URL such as https://example.com/hooks'],
  [createWebhook, { url }, 'url', 'ftp://shop.example.com/', 'must be a URL such as https://example.com/hooks'],
  [createWebhook, { url }, 'url', 'http://shop.example.com/', 'must begin with https://'],
  [createWebhook, { url }, 'url', 'https://a:b@shop.example.com/', 'must not hold a user name or password'],
  [createWebhook, { url }, 'url', 'https://a@shop.example.com/', 'must not hold a user name or password'],
  [createWebhook, { url }, 'url', 'https://shop.example.com/a b', 'must not contain spaces or control characters'],
  [createWebhook, { url }, 'url', 'https://shop.example.com/\u0000', 'must not contain spaces or control characters'],
  [createWebhook, { url }, 'url', `https://shop.example.com/${'x'.repeat(2000)}`, 'must have at most 2000 characters'],
  [createWebhook, { url }, 'url', 'https://169.254.169.254/', 'must be a public address'],
  [createWebhook, { url }, 'url', 'https://api.wharf.example/', 'must not be an address of this service'],
  [createWebhook, { url }, 'description', '', 'must not be empty'],
  [createWebhook, { url }, 'description', 'x'.repeat(201), 'must have at most 200 characters'],
  [createWebhook, { url }, 'events', 'message.sent', 'must be an array'],
  [createWebhook, { url }, 'events', [], 'must name at least one event type, or *'],
  [createWebhook, { url }, 'events.0', 'message.sung', 'must be an event type or *'],
  [createWebhook, { url }, 'events', ['*', '*'], 'must not name an event type twice'],
  [createWebhook, { url }, 'events', Array.from({ length: 51 }, () => '*'), 'must name at most 50 event types'],
  [createWebhook, { url }, 'instance_id', 'nonsense', 'must be an id like ins_01h455vb4pex5vsknk084sn02q'],
  [updateWebhook, {}, 'url', 'http://shop.example.com/', 'must begin with https://'],
  [updateWebhook, {}, 'description', '', 'must not be empty'],
  [updateWebhook, {}, 'events', [], 'must name at least one event type, or *'],
  [updateWebhook, {}, 'status', 'paused', 'must be one of: enabled, disabled'],
  [updateWebhook, {}, 'body', undefined, 'must change at least one field'],
])('$0.method $0.path with %j refuses %s of %j', async (route, good, field, value, problem) => {
  expect(await details({ ...route, body: withField(good, field, value) })).toMatchObject({ [field]: problem })
})

it.each<[path: string, field: string, problem: string]>([
  ['/api/v1/instances?limit=0', 'limit', 'must be at least 1'],
  ['/api/v1/instances?limit=101', 'limit', 'must be at most 100'],
  ['/api/v1/instances?limit=1.5', 'limit', 'must be a whole number'],
  ['/api/v1/instances?limit=many', 'limit', 'must be a number'],
  ['/api/v1/instances?limit=', 'limit', 'must be at least 1'],
  ['/api/v1/instances?limit=1&limit=2', 'limit', 'must be given once'],
  ['/api/v1/instances?cursor=', 'cursor', 'must not be empty'],
  ['/api/v1/instances?cursor=nonsense', 'cursor', 'is not a cursor of this list'],
  [`/api/v1/instances?cursor=${'x'.repeat(201)}`, 'cursor', 'must have at most 200 characters'],
  ['/api/v1/instances?state=happy', 'state', 'must be one of: created,'],
  ['/api/v1/webhooks?limit=0', 'limit', 'must be at least 1'],
  ['/api/v1/webhooks?cursor=nonsense', 'cursor', 'is not a cursor of this list'],
  ['/api/v1/instances/:instance_id/messages?limit=101', 'limit', 'must be at most 100'],
  ['/api/v1/instances/:instance_id/messages?cursor=nonsense', 'cursor', 'is not a cursor of this list'],
  ['/api/v1/instances/:instance_id/messages?direction=up', 'direction', 'must be one of: outbound, inbound'],
  ['/api/v1/instances/:instance_id/messages?status=lost', 'status', 'must be one of: queued,'],
  ['/api/v1/instances/:instance_id/messages?chat=', 'chat', 'must not be empty'],
  ['/api/v1/instances/:instance_id/messages?chat=%00', 'chat', nul],
  [`/api/v1/instances/:instance_id/messages?chat=${'x'.repeat(101)}`, 'chat', 'must have at most 100 characters'],
])('GET %s refuses %s', async (path, field, problem) => {
  const told = await details({ method: 'GET', path })
  expect(Object.entries(told)).toEqual([[field, expect.stringContaining(problem)]])
})

it('refuses a query field called __proto__', async () => {
  expect((await send({ method: 'GET', path: '/api/v1/instances?__proto__=1' })).status).toBe(400)
})

it('trims names and keeps what it was given otherwise', async () => {
  const response = await send({ ...createInstance, body: { name: '  Loja São João  ', start: false } })
  expect(await response.json()).toMatchObject({ data: { name: 'Loja São João', desired: 'stopped' } })
})

/** A copy with one field, at a dotted path, replaced or left out. */
function withField(body: Record<string, unknown>, path: string, value: unknown): unknown {
  const copy = structuredClone(body)
  if (path === 'body') return copy
  const names = path.split('.')
  const last = names.pop() ?? ''
  let inner: Record<string, unknown> = copy
  for (const name of names) inner = (inner[name] ??= last === '0' ? [] : {}) as Record<string, unknown>
  if (value === undefined) delete inner[last]
  else inner[last] = value
  return copy
}

describe('the hours of a pairing link', () => {
  it.each<Case>([
    ['valid_hours', 0, 'must be at least 1'],
    ['valid_hours', 169, 'must be at most 168'],
    ['valid_hours', 1.5, 'must be a whole number'],
    ['valid_hours', '24', 'must be a number'],
  ])('refuses %s of %j: %s', async (field, value, problem) => {
    expect(await details({ ...pairingLink, body: withField({}, field, value) })).toEqual({ [field]: problem })
  })

  it('are a day when nothing is said, and the link leads to the page of the dashboard', async () => {
    const response = await send({ ...pairingLink, body: {} })
    const { data } = (await response.json()) as { data: { url: string; expires_at: string } }
    expect(data.url).toMatch(/^https:\/\/app\.wharf\.example\/pair#[\w-]+\.[\w-]+\.[\w-]+$/)
    const hours = (Date.parse(data.expires_at) - Date.now()) / 3_600_000
    expect(hours).toBeGreaterThan(23.9)
    expect(hours).toBeLessThanOrEqual(24)
  })
})
