// The customer's program: sends over HTTP and receives webhooks, with one clock for both.
import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { z } from 'zod'
import { forEachSome } from '#bench/subject/for-each-some.ts'
import { serveCalls } from '#bench/processes/serve-calls.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { epochMs, writtenAt } from './moments.ts'

/** One request of the customer: where it goes and what it says. */
export interface Post {
  path: string
  body: object
}

/** When a request left and what it took, in milliseconds. */
export interface PostTimes {
  startedAt: number
  acceptMs: number
  /** Of the message that was accepted; empty when the answer names none. */
  messageId: string
}

/** So many beside each other, or one every so often without waiting for answers. */
export type Pace = { atOnce: number } | { perSecond: number }

const answerSchema = z.object({ data: z.object({ id: z.string() }) })
const eventSchema = z.object({ data: z.object({ text: z.object({ body: z.string() }).optional() }) })
const agent = new Agent({ connections: 64, pipelining: 1 })
let latenciesMs: number[] = []

const sink = createServer((incoming, outgoing) => {
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const now = epochMs()
    const event = eventSchema.safeParse(JSON.parse(Buffer.concat(chunks).toString('utf8')))
    const at = event.success ? writtenAt(event.data.data.text?.body ?? '') : undefined
    if (at !== undefined) latenciesMs.push(now - at)
    outgoing.writeHead(204).end()
  })
})
const sinkPort = await listenOnLoopback(sink, 0, 'The webhook receiver')

const calls = {
  sinkUrl: async () => `http://127.0.0.1:${sinkPort}/webhooks`,

  /** Resolves when every request was answered. Throws at an answer that is none of 201, 202. */
  async post(url: string, apiKey: string, posts: readonly Post[], pace: Pace): Promise<PostTimes[]> {
    const times: PostTimes[] = []
    const one = async (post: Post) => void times.push(await postOne(url, apiKey, post))
    if ('atOnce' in pace) await forEachSome(posts, pace.atOnce, one)
    else await atRate(posts, pace.perSecond, one)
    return times
  },

  /** Messages of webhooks that came since the last `takeLatencies`. */
  received: async () => latenciesMs.length,

  /** From the phone's writing to the webhook's arrival, in the order of arrival. */
  async takeLatencies(): Promise<number[]> {
    const taken = latenciesMs
    latenciesMs = []
    return taken
  },
}

export type CustomerCalls = typeof calls

async function postOne(url: string, apiKey: string, { path, body }: Post): Promise<PostTimes> {
  const startedAt = epochMs()
  const answer = await request(`${url}${path}`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  })
  const text = await answer.body.text()
  const acceptMs = epochMs() - startedAt
  if (answer.statusCode !== 201 && answer.statusCode !== 202) {
    throw new Error(`${path} answered ${answer.statusCode}: ${text.slice(0, 300)}`)
  }
  const accepted = answerSchema.safeParse(JSON.parse(text))
  return { startedAt, acceptMs, messageId: accepted.data?.data.id ?? '' }
}

async function atRate(posts: readonly Post[], perSecond: number, one: (post: Post) => Promise<void>): Promise<void> {
  const startedAt = performance.now()
  const open: Promise<void>[] = []
  for (const [index, post] of posts.entries()) {
    const waitMs = startedAt + (index * 1000) / perSecond - performance.now()
    if (waitMs > 0) await delay(waitMs)
    open.push(one(post))
  }
  await Promise.all(open)
}

serveCalls(calls)
