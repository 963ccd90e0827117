import { setTimeout as delay } from 'node:timers/promises'
import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { ApiClient } from '#local/client/api-client.ts'
import { startSink, type ReceivedWebhook, type SinkAnswer } from '#local/sink/start-sink.ts'
import { onceThere } from './once-there.ts'
import type { EndpointKind, WebhookPost } from '#tests/faults/history/histories.ts'

const slowAnswerMs = 1_500
/** Of the attempts at a failing or resetting endpoint. */
const failingShare = 0.3

const bad = { failing: 'refuse', resetting: 'reset' } as const satisfies Partial<Record<EndpointKind, SinkAnswer>>
const answers = { accept: 'accepted', refuse: 'refused', reset: 'reset' } as const

/** The webhook endpoints of a run, each a server of its own. */
export interface Endpoints {
  /** Adds one to the customer of this client. */
  add(api: ApiClient, kind: EndpointKind): Promise<void>
  /** From now on every endpoint takes everything at once. */
  heal(): void
  /** Told of each event about a message that a healthy endpoint took, repetitions included. */
  onTaken(listener: (body: string) => void): void
  history(): WebhookPost[]
  stop(): Promise<void>
}

export function createEndpoints(random: () => number): Endpoints {
  const sinks: { stop(): Promise<void> }[] = []
  const posts: WebhookPost[] = []
  const listeners: ((body: string) => void)[] = []
  let healed = false

  async function answer(kind: EndpointKind): Promise<SinkAnswer> {
    if (healed || kind === 'healthy') return 'accept'
    if (kind === 'slow') {
      await delay(slowAnswerMs)
      return 'accept'
    }
    return random() < failingShare ? bad[kind] : 'accept'
  }

  async function addOnce(api: ApiClient, kind: EndpointKind): Promise<void> {
    let endpointId = ''
    const sink = await startSink({
      async answer(webhook) {
        const said = await answer(kind)
        posts.push({ ...postOf(webhook), endpointId, endpoint: kind, answer: answers[said] })
        const { event } = webhook
        if (kind === 'healthy' && event?.type === 'message.received') {
          for (const listener of listeners) listener(bodyOf(event.data) ?? '')
        }
        return said
      },
    })
    try {
      const events = kind === 'healthy' ? ['*'] : ['message.received', 'message.sent']
      const { data } = await api.request<WebhookView & { secret: string }>('POST', '/api/v1/webhooks', {
        body: { url: sink.url, events, description: kind },
      })
      endpointId = data.id
      sink.expectSecret(data.secret)
    } catch (error) {
      await sink.stop()
      throw error
    }
    sinks.push(sink)
    sink.onReceived((webhook) => {
      if (!webhook.verified) posts.push({ ...postOf(webhook), endpointId, endpoint: kind, answer: 'refused' })
    })
  }

  return {
    // A request without an answer may have made an endpoint whose secret nobody knows: the next try has an address of its own.
    add: (api, kind) => onceThere(() => addOnce(api, kind)),
    heal: () => void (healed = true),
    onTaken: (listener) => void listeners.push(listener),
    history: () => posts,
    async stop() {
      await Promise.all(sinks.map((sink) => sink.stop()))
    },
  }
}

function postOf({
  id,
  verified,
  receivedAt,
  event,
}: ReceivedWebhook): Omit<WebhookPost, 'endpointId' | 'endpoint' | 'answer'> {
  const post = { atMs: receivedAt.getTime(), webhookId: id ?? '', verified }
  if (event === undefined) return post
  return {
    ...post,
    type: event.type,
    instanceId: event.instance_id ?? undefined,
    sequence: event.sequence ?? undefined,
    ageMs: receivedAt.getTime() - Date.parse(event.timestamp),
    chat: stringOf(event.data['chat']),
    waMessageId: stringOf(event.data['wa_message_id']),
    body: bodyOf(event.data),
  }
}

function bodyOf(data: Record<string, unknown>): string | undefined {
  return stringOf((data['text'] as { body?: unknown } | undefined)?.body)
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
