import assert from 'node:assert/strict'
import { Webhook } from 'standardwebhooks'
import type { MessageView } from '#contracts/http/message-view.ts'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { createApiClient, type ApiClient } from '#local/client/api-client.ts'
import { createCustomer } from '#local/stack/create-customer.ts'
import type { Progress } from '#local/stack/progress.ts'
import type { Stack } from '#local/stack/start-stack.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { Phone } from '#simulator/api.ts'
import { pairAfterRefresh, pairByCode, pairByQr, whenConnected } from './pair-instance.ts'

export const pairings = ['qr', 'code', 'refresh'] as const
export type Pairing = (typeof pairings)[number]

const stepTimeoutMs = 20_000

/** Customer, key, instance; pair; send; reply; webhook: each step throws unless it held. */
export async function runDemo(stack: Stack, pairing: Pairing, progress: Progress): Promise<void> {
  const { simulator } = stack
  assert(simulator, 'The demo needs the simulator.')

  const { apiKey } = await progress.step('customer and key', () =>
    createCustomer(stack.customers, { name: 'Demo', plan: 'business' }),
  )
  const api = createApiClient(stack.url, apiKey)
  const [own, contact] = await progress.step(
    'two virtual phones',
    async () =>
      [await simulator.makePhone({ name: 'Company' }), await simulator.makePhone({ name: 'Contact' })] as const,
    ([first, second]) => `${first.phoneNumber} and ${second.phoneNumber}`,
  )
  await progress.step(
    'webhook endpoint',
    () => createEndpoint(stack, api),
    ({ url }) => url,
  )
  const instance = await progress.step(
    'instance',
    async () => (await api.request<InstanceView>('POST', '/api/v1/instances', { body: { name: 'demo' } })).data,
    ({ id }) => id,
  )
  await progress.step(`paired by ${pairing}`, async () => {
    if (pairing === 'code') await pairByCode(api, instance.id, own)
    else if (pairing === 'refresh') await pairAfterRefresh(api, instance.id, own, simulator)
    else await pairByQr(api, instance.id, own)
  })
  await progress.step(
    'connected',
    () => whenConnected(api, instance.id),
    ({ phone_number }) => `as ${phone_number}`,
  )
  await sendAndShow(api, instance.id, contact, progress)
  await replyAndReceive(stack, api, instance.id, own, contact, progress)
}

async function createEndpoint(stack: Stack, api: ApiClient): Promise<WebhookView> {
  const { data } = await api.request<WebhookView & { secret: string }>('POST', '/api/v1/webhooks', {
    body: { url: stack.sink.url, events: ['*'] },
  })
  // Throws when the secret is not one that the library of the receiving side takes.
  assert(new Webhook(data.secret))
  stack.sink.expectSecret(data.secret)
  return data
}

async function sendAndShow(api: ApiClient, instanceId: InstanceId, contact: Phone, progress: Progress): Promise<void> {
  const text = 'Hello from Wharf'
  const send = () =>
    api.request<MessageView>('POST', `/api/v1/instances/${instanceId}/messages`, {
      body: { to: contact.phoneNumber, type: 'text', text: { body: text } },
      headers: { 'idempotency-key': 'demo-1', prefer: 'wait=10' },
    })

  const sent = await progress.step('message sent', send, ({ status, data }) => `${status} ${data.id} ${data.status}`)
  assert.equal(sent.status, 201, 'With Prefer: wait the answer is 201 once WhatsApp has the message.')

  const shown = await progress.step(
    'shown on the phone',
    () => contact.waitForMessage(({ id }) => id === sent.data.wa_message_id, stepTimeoutMs),
    ({ body }) => body,
  )
  assert.equal(shown.body, text)

  await progress.step('same key again', async () => {
    const replay = await send()
    assert.equal(replay.data.id, sent.data.id, 'The same Idempotency-Key answers with the same message.')
    assert.equal(replay.headers.get('idempotent-replayed'), 'true')
    assert.equal(contact.shown().filter(({ body }) => body === text).length, 1, 'The phone shows it once.')
  })
  await progress.step('read on the phone', async () => {
    await contact.markRead(shown.chat)
    await messageReaches(api, sent.data.id, 'read')
  })
}

function messageReaches(api: ApiClient, id: MessageId, status: MessageView['status']): Promise<MessageView> {
  return waitFor(
    async () => {
      const { data } = await api.request<MessageView>('GET', `/api/v1/messages/${id}`)
      return data.status === status ? data : undefined
    },
    { what: `${id} to be ${status}`, timeoutMs: stepTimeoutMs, intervalMs: 100 },
  )
}

async function replyAndReceive(
  stack: Stack,
  api: ApiClient,
  instanceId: InstanceId,
  own: Phone,
  contact: Phone,
  progress: Progress,
): Promise<void> {
  const answer = 'Hello back from the phone'
  await progress.step('reply from the phone', () => contact.sendText(own.phoneNumber, answer))

  const webhook = await progress.step(
    'signed webhook',
    () =>
      waitFor(
        () =>
          stack.sink.received.find(
            ({ event }) =>
              event?.type === 'message.received' && event.instance_id === instanceId && textOf(event.data) === answer,
          ),
        { what: 'the webhook of the reply', timeoutMs: stepTimeoutMs },
      ),
    ({ id }) => `${id}, verified by the Standard Webhooks library`,
  )
  assert(webhook.verified)
  assert.equal(webhook.event?.data['from'], contact.phoneNumber)
  assert(
    stack.sink.received.every(({ verified }) => verified),
    'Every webhook carries a valid signature.',
  )

  await progress.step('reply in the API', async () => {
    const { data } = await api.request<MessageView[]>(
      'GET',
      `/api/v1/instances/${instanceId}/messages?direction=inbound`,
    )
    assert.deepEqual(
      data.map((message) => textOf(message)),
      [answer],
    )
  })
}

function textOf(data: Record<string, unknown>): string | undefined {
  return (data['text'] as { body?: string } | undefined)?.body
}
