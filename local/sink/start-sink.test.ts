import { afterEach, beforeEach, expect, test } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { newId } from '#contracts/ids.ts'
import { startSink, type WebhookSink } from './start-sink.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const event = {
  id: newId('event'),
  type: 'webhook.test',
  timestamp: new Date().toISOString(),
  instance_id: null,
  sequence: null,
  data: { note: 'hello' },
}

let sink: WebhookSink
beforeEach(async () => {
  sink = await startSink()
  sink.expectSecret(secret)
})
afterEach(() => sink.stop())

function post(body: string, signWith: string): Promise<Response> {
  const now = new Date()
  return fetch(sink.url, {
    method: 'POST',
    body,
    headers: {
      'webhook-id': event.id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(signWith).sign(event.id, now, body),
    },
  })
}

test('a correctly signed event is kept as verified', async () => {
  const answer = await post(JSON.stringify(event), secret)
  expect(answer.status).toBe(204)
  expect(sink.received).toMatchObject([{ id: event.id, verified: true, event: { type: 'webhook.test' } }])
})

test('a signature by another secret is refused and kept as not verified', async () => {
  const answer = await post(JSON.stringify(event), `whsec_${Buffer.alloc(32, 8).toString('base64')}`)
  expect(answer.status).toBe(400)
  expect(sink.received).toMatchObject([{ verified: false, event: undefined }])
})

test('a request without headers or with a foreign body is refused, not a crash', async () => {
  expect((await fetch(sink.url, { method: 'POST', body: '{' })).status).toBe(400)
  expect((await post('"not an event"', secret)).status).toBe(400)
  expect(sink.received.every(({ verified }) => !verified)).toBe(true)
})
