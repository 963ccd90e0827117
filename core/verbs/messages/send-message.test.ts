import { beforeEach, describe, expect, it } from 'vitest'
import { ApiError, type ErrorCode } from '#contracts/errors.ts'
import { newId, type InstanceId, type ServerId } from '#contracts/ids.ts'
import type { Message } from '#core/ports/messages.ts'
import { presentMessage } from '#core/rules/present-message.ts'
import type { WorkerAnswers } from '#core/testing/fake-worker-gateway.ts'
import { createMemoryApp, type MemoryApp } from '#core/testing/memory-app.ts'
import { seedActor } from '#core/testing/seed-actor.ts'
import { seedInstance, seedServer } from '#core/testing/seed.ts'
import type { Actor } from '#core/verbs/app.ts'
import { sendMessage, type SendMessageInput } from './send-message.ts'

const now = new Date('2026-03-01T12:00:00Z')
let answers: WorkerAnswers
let app: MemoryApp
let actor: Actor
let serverId: ServerId
let instanceId: InstanceId

beforeEach(async () => {
  answers = {}
  app = createMemoryApp({ answers, now: () => now })
  actor = await seedActor(app.seed)
  serverId = await seedServer(app.seed, { leaseExpiresAt: new Date(now.getTime() + 60_000) })
  instanceId = await seedInstance(app.seed, { customerId: actor.customerId, serverId })
})

function input(values: Partial<SendMessageInput> = {}): SendMessageInput {
  return {
    instanceId,
    to: '+5511999990002',
    content: { type: 'text', text: { body: 'Hello' } },
    ifDisconnected: 'queue',
    request: { method: 'POST', path: '/messages', body: { text: 'Hello' } },
    waitSeconds: 0,
    ...values,
  }
}

const send = (values?: Partial<SendMessageInput>) => sendMessage(app, actor, input(values))

async function refusal(values?: Partial<SendMessageInput>): Promise<ErrorCode> {
  const error = await send(values).catch((thrown: unknown) => thrown)
  if (!(error instanceof ApiError)) throw new Error('It was not refused.', { cause: error })
  return error.code
}

describe('acceptance', () => {
  it('answers the queued message and hints the owning worker after the answer', async () => {
    const { message, replayed, sent } = await send()
    expect(message).toMatchObject({
      status: 'queued',
      from: '+5511999990001',
      to: '+5511999990002',
      text: { body: 'Hello' },
    })
    expect({ replayed, sent }).toEqual({ replayed: false, sent: false })
    expect(app.gateway.seen).toMatchObject([{ command: 'outbox', request: { message_id: message.id, wait_ms: 0 } }])
  })

  it('needs no worker', async () => {
    await app.seed.update('servers', { id: serverId }, { incarnation: null })
    expect((await send()).message.status).toBe('queued')
    expect(app.gateway.seen).toEqual([])
  })

  it('keeps a message for 24 hours unless told otherwise', async () => {
    const { message } = await send()
    expect(message.expires_at).toBe('2026-03-02T12:00:00.000Z')
    const { message: short } = await send({ expiresAt: new Date('2026-03-01T12:05:00Z') })
    expect(short.expires_at).toBe('2026-03-01T12:05:00.000Z')
  })

  it.each([
    ['in the past', '2026-03-01T12:00:00Z'],
    ['more than 7 days ahead', '2026-03-08T12:00:01Z'],
  ])('refuses an expiry %s', async (_what, moment) => {
    expect(await refusal({ expiresAt: new Date(moment) })).toBe('VALIDATION_ERROR')
  })

  it("refuses another customer's instance as an unknown one", async () => {
    const other = await seedActor(app.seed)
    const foreign = await seedInstance(app.seed, { customerId: other.customerId, serverId })
    expect(await refusal({ instanceId: foreign })).toBe('NOT_FOUND')
    expect(await refusal({ instanceId: newId('instance') })).toBe('NOT_FOUND')
  })

  it('refuses a quoted message of another instance', async () => {
    const { message } = await send()
    const second = await seedInstance(app.seed, { customerId: actor.customerId, serverId })
    expect(await refusal({ instanceId: second, contextMessageId: message.id })).toBe('NOT_FOUND')
    expect((await send({ contextMessageId: message.id })).message.context).toEqual({ message_id: message.id })
  })

  it('refuses when not connected only if the caller asks for it', async () => {
    await app.seed.update('instances', { id: instanceId }, { state: 'disconnected' })
    expect(await refusal({ ifDisconnected: 'reject' })).toBe('INSTANCE_NOT_CONNECTED')
    expect((await send({ ifDisconnected: 'queue' })).message.status).toBe('queued')
  })

  it.each<[string, () => Promise<void>, ErrorCode]>([
    ['a revoked key', () => app.seed.update('apiKeys', { id: actor.keyId }, { revokedAt: now }), 'INVALID_API_KEY'],
    [
      'a suspended customer',
      () => app.seed.update('customers', { id: actor.customerId }, { status: 'suspended' }),
      'ACCOUNT_SUSPENDED',
    ],
    [
      'a key without the scope',
      () => app.seed.update('apiKeys', { id: actor.keyId }, { scopes: ['messages:read'] }),
      'FORBIDDEN',
    ],
  ])('refuses %s and stores nothing', async (_who, arrange, code) => {
    await arrange()
    expect(await refusal()).toBe(code)
    expect(await app.seed.rows('messages')).toEqual([])
  })

  it('refuses beyond the quota, until midnight UTC', async () => {
    await app.seed.update('customers', { id: actor.customerId }, { plan: 'basic' })
    await app.seed.insert('usageDays', { customerId: actor.customerId, day: '2026-03-01', messages: 1000, quota: 1000 })
    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', retryAfterSeconds: 12 * 60 * 60 })
  })

  it('remembers a changed plan for the rate limits', async () => {
    await app.seed.update('customers', { id: actor.customerId }, { plan: 'pro' })
    await send()
    expect(app.provenKeys.peek(actor.keySha256)?.plan).toBe('pro')
  })
})

describe('idempotency', () => {
  it('answers the first message again, without another hint', async () => {
    const first = await send({ idempotencyKey: 'order-1' })
    const again = await send({ idempotencyKey: 'order-1' })
    expect(again).toMatchObject({ replayed: true, message: { id: first.message.id } })
    expect(app.gateway.seen).toHaveLength(1)
  })

  it('answers a repetition as the first request, whatever became of the message', async () => {
    const first = await send({ idempotencyKey: 'order-1' })
    const now = new Date()
    const values = { sentAt: now, deliveredAt: now, readAt: now }
    await app.seed.update('messages', { id: first.message.id }, { status: 'read', ...values })
    expect(await send({ idempotencyKey: 'order-1' })).toEqual({ ...first, replayed: true })
    await app.seed.update('messages', { id: first.message.id }, { status: 'failed', failure: 'NOT_ON_WHATSAPP' })
    expect(await send({ idempotencyKey: 'order-1' })).toEqual({ ...first, replayed: true })
  })

  it('refuses the key for another request', async () => {
    await send({ idempotencyKey: 'order-1' })
    const request = { method: 'POST', path: '/messages', body: { text: 'Another' } }
    expect(await refusal({ idempotencyKey: 'order-1', request })).toBe('IDEMPOTENCY_MISMATCH')
  })

  it('answers a replay though the instance is no longer connected', async () => {
    await send({ idempotencyKey: 'order-1', ifDisconnected: 'reject' })
    await app.seed.update('instances', { id: instanceId }, { state: 'disconnected' })
    expect((await send({ idempotencyKey: 'order-1', ifDisconnected: 'reject' })).replayed).toBe(true)
  })
})

describe('waiting', () => {
  const seenNow = async (values: Partial<Message>) => {
    const [row] = await app.seed.rows('messages')
    if (row === undefined) throw new Error('There is no message.')
    return presentMessage({ ...row, ...values }, null)
  }

  it('answers what the worker tells', async () => {
    const sentAt = new Date('2026-03-01T12:00:01Z')
    const [accepted] = [await send({ idempotencyKey: 'order-1' })]
    const view = await seenNow({ status: 'sent', sentAt })
    answers.outbox = () => ({ message: view })
    const waited = await send({ idempotencyKey: 'order-1', waitSeconds: 7 })
    expect(waited).toMatchObject({ sent: true, message: { id: accepted.message.id, status: 'sent' } })
    expect(app.gateway.seen.at(-1)?.request).toMatchObject({ wait_ms: 7000 })
  })

  it('shows a failure of the message, which is no failure of the request', async () => {
    await send({ idempotencyKey: 'order-1' })
    const view = await seenNow({ status: 'failed', failure: 'NOT_ON_WHATSAPP' })
    answers.outbox = () => ({ message: view })
    expect(await send({ idempotencyKey: 'order-1', waitSeconds: 7 })).toMatchObject({
      sent: false,
      message: { status: 'failed', error: { code: 'NOT_ON_WHATSAPP' } },
    })
  })

  it('without a worker reads the message once, at the end of the wait', async () => {
    await app.seed.update('servers', { id: serverId }, { incarnation: null })
    const { message, sent } = await send({ waitSeconds: 5 })
    expect(app.background.slept).toEqual([5000])
    expect({ status: message.status, sent }).toEqual({ status: 'queued', sent: false })
  })

  it('a worker that does not answer costs nothing but the wait', async () => {
    expect((await send({ waitSeconds: 5 })).message.status).toBe('queued')
    expect(app.background.slept).toEqual([5000])
  })

  it('asks the new owner when the instance has moved', async () => {
    let calls = 0
    const moved = new ApiError('INSTANCE_MOVED', 'Not here.')
    answers.outbox = () => (++calls === 1 ? moved : { message: null })
    await send({ waitSeconds: 5 })
    expect(calls).toBe(2)
  })

  it('does not wait for a message that is final', async () => {
    const { message } = await send({ idempotencyKey: 'order-1' })
    await app.seed.update('messages', { id: message.id }, { status: 'delivered' })
    expect(await send({ idempotencyKey: 'order-1', waitSeconds: 5 })).toMatchObject({ sent: true, replayed: true })
    expect(app.background.slept).toEqual([])
  })
})
