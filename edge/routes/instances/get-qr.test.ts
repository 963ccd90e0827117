import { afterEach, beforeEach, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { createFakeBackground } from '#core/testing/fake-background.ts'
import { openMemoryEdge } from '#edge/testing/open-memory-edge.ts'
import { seedWorld, type Tenant } from '#edge/testing/seed-world.ts'
import type { TestEdge } from '#edge/testing/test-edge.ts'

const code = { qr: '2@code', expires_at: '2026-03-01T12:00:00.000Z' }

let edge: TestEdge
let own: Tenant
let onSleep: (slept: number) => unknown
beforeEach(async () => {
  const background = createFakeBackground()
  onSleep = () => {}
  background.sleep = async (ms) => {
    background.slept.push(ms)
    await onSleep(background.slept.length)
  }
  edge = await openMemoryEdge({ background })
  own = (await seedWorld(edge)).own
  edge.worker.answers.qr = () => code
})
afterEach(() => edge.close())

const getQr = (accept: string, headers: Record<string, string> = {}, method = 'GET') =>
  edge.request(`/api/v1/instances/${own.ids.instance_id}/qr`, {
    method,
    headers: { 'x-api-key': own.key, accept, ...headers },
  })
const setState = (state: 'pairing' | 'connected') =>
  edge.seed.update('instances', { id: own.ids.instance_id }, { state, stateChangedAt: new Date() })

it.each(['application/json', 'image/png', 'image/svg+xml'])('answers %s', async (type) => {
  const response = await getQr(type)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(type)
  expect(response.headers.get('vary')).toBe('Accept')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(50)
})

it('refuses what it cannot answer before it asks the worker', async () => {
  const response = await getQr('image/jpeg')
  expect(response.status).toBe(406)
  expect(await response.json()).toMatchObject({ error: { code: 'NOT_ACCEPTABLE' } })
  expect(edge.worker.seen).toEqual([])
})

it('streams states and codes until the phone is linked', async () => {
  await setState('pairing')
  onSleep = (slept) => {
    if (slept !== 2) return
    edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'Linked.')
    return setState('connected')
  }
  const response = await getQr('text/event-stream')
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const events = eventsOf(await response.text())
  expect(events.map(({ event }) => event)).toEqual(['state', 'qr', 'state', 'end'])
  expect(events[1]?.data).toEqual(code)
  expect(events[3]?.data).toEqual({ reason: 'paired' })
})

it('tells in the stream what breaks it, and logs what is a mistake of ours', async () => {
  await setState('pairing')
  onSleep = () => edge.seed.update('customers', { id: own.customerId }, { status: 'suspended' })
  const events = eventsOf(await (await getQr('text/event-stream')).text())
  expect(events.at(-1)).toMatchObject({
    event: 'error',
    data: { success: false, error: { code: 'ACCOUNT_SUSPENDED' } },
  })
})

it('keeps a quiet stream alive', async () => {
  await setState('pairing')
  onSleep = (slept) =>
    slept === 40
      ? setState('connected').then(
          () => (edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'Linked.')),
        )
      : undefined
  const text = await (await getQr('text/event-stream')).text()
  expect(text.match(/^:$/gm)).toHaveLength(39)
})

it('stops looking when the reader is gone', async () => {
  await setState('pairing')
  const response = await getQr('text/event-stream')
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.read()
  const seen = edge.worker.seen.length
  await reader?.cancel()
  expect(edge.worker.seen.length).toBeLessThanOrEqual(seen + 1)
})

it('does not begin to look for a HEAD', async () => {
  expect((await getQr('text/event-stream', {}, 'HEAD')).status).toBe(200)
  expect(edge.worker.seen).toEqual([])
})

interface StreamEvent {
  id: string | undefined
  event: string | undefined
  data: unknown
}

function eventsOf(text: string): StreamEvent[] {
  const blocks = text.split('\n\n').filter((block) => block.includes('event: '))
  return blocks.map((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
    return { id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? 'null') as unknown }
  })
}
