import { afterAll, beforeAll, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { openWorkerdEdge, type WorkerdEdge } from './testing/open-workerd-edge.ts'
import { seedWorld, type Tenant } from './testing/seed-world.ts'

let edge: WorkerdEdge
let own: Tenant
beforeAll(async () => {
  edge = await openWorkerdEdge()
  ;({ own } = await seedWorld(edge))
})
afterAll(() => edge.close())

const get = (query: string, headers: Record<string, string> = {}, signal: AbortSignal | null = null) =>
  edge.request(`/api/v1/events${query}`, { headers: { 'x-api-key': own.key, ...headers }, signal })

async function record(): Promise<string> {
  const { customerId } = own
  const { id } = await edge.seed.insert('events', { id: newId('event'), customerId, type: 'webhook.test', data: {} })
  return id
}

/** Reads a stream until its text matches, then leaves it. */
async function readUntil(
  query: string,
  wanted: RegExp,
  headers: Record<string, string>,
  onOpen?: () => Promise<unknown>,
) {
  const leave = new AbortController()
  const response = await get(query, { accept: 'text/event-stream', ...headers }, leave.signal)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body!) {
    text += decoder.decode(chunk, { stream: true })
    if (text.includes('heartbeat') && onOpen !== undefined) {
      await onOpen()
      onOpen = undefined
    }
    if (wanted.test(text)) break
  }
  leave.abort()
  return text
}

it('answers a long poll as soon as there is an event', async () => {
  const end = (await (await get('?after=latest')).json()) as { meta: { next_cursor: string } }
  const waiting = get(`?wait=30&after=${end.meta.next_cursor}`)
  const id = await record()
  expect(await (await waiting).json()).toMatchObject({ data: [{ id }], meta: { has_more: false } })
})

it('streams events, and goes on after the one that was seen last', async () => {
  let first = ''
  const text = await readUntil('?after=latest', /event: /, {}, async () => (first = await record()))
  expect(text).toContain(`"id":"${first}"`)
  const seen = /id: (\S+)\nevent: /.exec(text)?.[1] ?? ''
  const second = await record()
  const again = await readUntil('', /event: /, { 'last-event-id': seen })
  expect(again).toContain(`"id":"${second}"`)
  expect(again).not.toContain(first)
})
