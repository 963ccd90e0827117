import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import type { MessageView } from '#contracts/http/message-view.ts'
import { seedServer } from '#core/testing/seed.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type World } from './testing/seed-world.ts'

let edge: WorkerdEdge
let world: World
beforeAll(async () => {
  edge = await openWorkerdEdge()
})
afterAll(() => edge.close())
beforeEach(async () => {
  edge.worker.seen.length = 0
  edge.worker.broken = undefined
  edge.worker.answers = { outbox: () => ({ message: null }) }
  world = await seedWorld(edge)
})

const text = { to: '+5511999990002', type: 'text', text: { body: 'Olá 👋' } }

async function post(path: string, body: object, headers: Record<string, string> = {}) {
  const response = await edge.request(path, {
    method: 'POST',
    headers: { 'x-api-key': world.own.key, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const { data } = (await response.json()) as { data: MessageView }
  return { response, data }
}
const send = (body: object = text, headers?: Record<string, string>) =>
  post(`/api/v1/instances/${world.own.ids.instance_id}/messages`, body, headers)

const hints = (count: number) =>
  waitFor(() => (edge.worker.seen.length >= count ? edge.worker.seen : undefined), { what: `${count} hints` })

/** What the worker would tell of the message that it was asked about. */
function answerWith(values: Partial<MessageView>): void {
  let view: MessageView | undefined
  edge.worker.answers.outbox = () => ({ message: view === undefined ? null : ({ ...view, ...values } as MessageView) })
  void send(text, { 'idempotency-key': 'waited' }).then(({ data }) => (view = data))
}

describe('a message', () => {
  it('is accepted with 202 and hinted with a token for this worker run', async () => {
    const { response, data } = await send()
    expect(response.status).toBe(202)
    expect(data).toMatchObject({ status: 'queued', text: { body: 'Olá 👋' }, from: '+5511999990001' })
    const [hint] = await hints(1)
    expect(hint).toMatchObject({
      command: 'outbox',
      instanceId: world.own.ids.instance_id,
      audience: `${world.serverId}/run-1`,
      request: { epoch: 1, message_id: data.id, wait_ms: 0 },
    })
  })

  it('nothing of the client reaches the worker', async () => {
    await send(text, {
      'x-customer-id': 'cus_x',
      'x-internal-secret': 'x',
      'x-forwarded-for': '1.2.3.4',
      cookie: 'a=b',
      'user-agent': 'canary',
    })
    const [hint] = await hints(1)
    const sent = JSON.stringify(hint?.headers)
    for (const leak of ['cus_x', 'x-internal', '1.2.3.4', 'a=b', 'canary', world.own.key])
      expect(sent).not.toContain(leak)
  })

  it('each hint has a token of its own', async () => {
    await send()
    await send()
    const [first, second] = await hints(2)
    expect(first?.jti).not.toBe(second?.jti)
  })

  it('is accepted though the worker breaks the connection', async () => {
    edge.worker.broken = (response) => response.destroy()
    expect((await send()).response.status).toBe(202)
    await hints(1)
  })

  it('is replayed for the same idempotency key and refused for another request', async () => {
    const first = await send(text, { 'idempotency-key': 'order-1' })
    expect(first.response.headers.get('idempotent-replayed')).toBeNull()
    const reordered = { text: { body: 'Olá 👋' }, type: 'text', to: '+5511999990002' }
    const again = await send(reordered, { 'idempotency-key': 'order-1' })
    expect(again.response.status).toBe(202)
    expect(again.response.headers.get('idempotent-replayed')).toBe('true')
    expect(again.data.id).toBe(first.data.id)
    const other = await send({ ...text, text: { body: 'Another' } }, { 'idempotency-key': 'order-1' })
    expect(other.response.status).toBe(422)
  })

  it('acts once for one key, however many requests come at once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(text, { 'idempotency-key': 'order-2' })))
    expect(new Set(answers.map(({ data }) => data.id)).size).toBe(1)
    expect(answers.filter(({ response }) => response.headers.get('idempotent-replayed') === null)).toHaveLength(1)
  })

  it('goes from the only instance in the short form', async () => {
    const { response, data } = await post('/send/message', { phone: '+5511999990002', message: 'Short' })
    expect(response.status).toBe(202)
    expect(data).toMatchObject({ instance_id: world.own.ids.instance_id, text: { body: 'Short' } })
  })
})

describe('Prefer: wait', () => {
  it('answers 201 when WhatsApp has the message', async () => {
    answerWith({ status: 'sent', sent_at: '2026-03-01T12:00:00.000Z' })
    await hints(1)
    const { response, data } = await send(text, { 'idempotency-key': 'waited', prefer: 'wait=5' })
    expect(response.status).toBe(201)
    expect(response.headers.get('preference-applied')).toBe('wait=5')
    expect(data.status).toBe('sent')
    expect(edge.worker.seen.at(-1)?.request).toMatchObject({ wait_ms: 5000 })
  })

  it('answers 202 with the failure when the message failed', async () => {
    answerWith({ status: 'failed', error: { code: 'NOT_ON_WHATSAPP', message: 'No account.' } })
    await hints(1)
    const { response, data } = await send(text, { 'idempotency-key': 'waited', prefer: 'wait=5' })
    expect(response.status).toBe(202)
    expect(data.error?.code).toBe('NOT_ON_WHATSAPP')
  })

  it('asks the new owner when the instance has moved', async () => {
    const takerId = await seedServer(edge.seed, { url: edge.worker.url, incarnation: 'run-2' })
    edge.worker.answers.outbox = () => {
      if (edge.worker.seen.length > 1) return { message: null }
      void edge.seed.update(
        'instanceLeases',
        { instanceId: world.own.ids.instance_id },
        { serverId: takerId, epoch: 2, ownerIncarnation: 'run-2' },
      )
      return new ApiError('INSTANCE_MOVED', 'Not here.')
    }
    expect((await send(text, { prefer: 'wait=1' })).response.status).toBe(202)
    expect(edge.worker.seen.map(({ audience }) => audience)).toEqual([`${world.serverId}/run-1`, `${takerId}/run-2`])
  })

  it('without a worker reads the message at the end of the wait', async () => {
    await edge.seed.update('servers', { id: world.serverId }, { incarnation: null })
    const startedAt = performance.now()
    const { response, data } = await send(text, { prefer: 'wait=1' })
    expect(performance.now() - startedAt).toBeGreaterThan(950)
    expect({ status: response.status, message: data.status }).toEqual({ status: 202, message: 'queued' })
  })
})

describe('a command', () => {
  const qr = () =>
    edge.request(`/api/v1/instances/${world.own.ids.instance_id}/qr`, { headers: { 'x-api-key': world.own.key } })

  it('passes on what the worker refuses for the customer', async () => {
    edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'It is paired already.')
    const response = await qr()
    expect(response.status).toBe(409)
    expect(await response.json()).toMatchObject({
      error: { code: 'INSTANCE_NOT_PAIRING', message: 'It is paired already.' },
    })
  })

  it.each<[string, NonNullable<WorkerdEdge['worker']['broken']>]>([
    ['breaks the connection', (response) => response.destroy()],
    ['answers no JSON', (response) => response.end('<html>')],
    ['answers another shape', (response) => response.end('{"success":true,"data":{"qr":1}}')],
    ['redirects', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
    ['fails', (response) => response.writeHead(500).end('{"success":false,"error":"secret detail"}')],
  ])('is unavailable when the worker %s', async (_how, broken) => {
    edge.worker.broken = broken
    const response = await qr()
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('5')
    const body = await response.text()
    expect(body).toContain('WORKER_UNAVAILABLE')
    expect(body).not.toContain('secret detail')
    const id = response.headers.get('x-request-id')
    const logged = () => edge.log.find((record) => record.request_id === id)
    expect(await waitFor(logged, { what: 'the log' })).toMatchObject({ failure: { errors: expect.any(Array) } })
  })
})
