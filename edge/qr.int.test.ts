import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { readQrCode } from './testing/read-qr-code.ts'
import { seedTenant, seedWorld, type Tenant, type World } from './testing/seed-world.ts'

let edge: WorkerdEdge
let world: World
let own: Tenant
beforeAll(async () => {
  edge = await openWorkerdEdge()
  world = await seedWorld(edge)
})
afterAll(() => edge.close())
beforeEach(async () => {
  own = await seedTenant(edge, world.serverId)
  edge.worker.seen.length = 0
  edge.worker.answers.qr = () => code(1)
})

const code = (second: number) => ({
  qr: `2@${'aB3+/'.repeat(50)}${second}`,
  expires_at: new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString(),
})
const getQr = (accept: string, init: RequestInit = {}) =>
  edge.request(`/api/v1/instances/${own.ids.instance_id}/qr`, {
    ...init,
    headers: { 'x-api-key': own.key, accept },
  })
const setState = (state: 'pairing' | 'connected') =>
  edge.seed.update('instances', { id: own.ids.instance_id }, { state, stateChangedAt: new Date() })

it('makes in workerd the picture that a phone reads', async () => {
  const response = await getQr('image/png')
  expect(response.headers.get('content-type')).toBe('image/png')
  expect(await readQrCode(new Uint8Array(await response.arrayBuffer()))).toBe(code(1).qr)
})

it('streams a new code as the worker shows it, and ends when the phone is linked', async () => {
  await setState('pairing')
  const response = await getQr('text/event-stream')
  let text = ''
  const reading = (async () => {
    for await (const chunk of response.body ?? []) text += new TextDecoder().decode(chunk as Uint8Array)
  })()
  await waitFor(() => text.includes(code(1).qr), { what: 'the first code' })
  edge.worker.answers.qr = () => code(2)
  await waitFor(() => text.includes(code(2).qr), { what: 'the next code' })
  edge.worker.answers.qr = () => new ApiError('INSTANCE_NOT_PAIRING', 'It is linked.')
  await setState('connected')
  await reading
  expect(text.match(/^event: .*$/gm)).toEqual(['state', 'qr', 'qr', 'state', 'end'].map((event) => `event: ${event}`))
})

it('leaves the worker alone when the reader is gone', async () => {
  await setState('pairing')
  const controller = new AbortController()
  const response = await getQr('text/event-stream', { signal: controller.signal })
  const reader = response.body?.getReader()
  await reader?.read()
  await waitFor(() => edge.worker.seen.length >= 2, { what: 'two looks' })
  controller.abort()
  await reader?.closed.catch(() => {})
  const seen = edge.worker.seen.length
  // Another stream counts the seconds in which the first one would have looked.
  const clock = await seedTenant(edge, world.serverId)
  await edge.seed.update('instances', { id: clock.ids.instance_id }, { state: 'pairing' })
  const stop = new AbortController()
  const other = await edge.request(`/api/v1/instances/${clock.ids.instance_id}/qr`, {
    headers: { 'x-api-key': clock.key, accept: 'text/event-stream' },
    signal: stop.signal,
  })
  await other.body?.getReader().read()
  const looksOf = (instanceId: string) => edge.worker.seen.filter((one) => one.instanceId === instanceId).length
  await waitFor(() => looksOf(clock.ids.instance_id) >= 7, {
    what: 'seven looks of the other stream',
    timeoutMs: 15_000,
  })
  stop.abort()
  expect(looksOf(own.ids.instance_id)).toBeLessThanOrEqual(seen + 3)
})
