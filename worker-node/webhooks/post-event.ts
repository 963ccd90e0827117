import { request, type Dispatcher } from 'undici'
import { Webhook } from 'standardwebhooks'
import type { Clock } from '#core/ports/clock.ts'
import type { AttemptResult, ClaimedDelivery } from '#core/ports/deliveries.ts'
import { refuseWebhookUrl } from '#core/rules/webhook-url-policy.ts'
import { AddressRefused } from './guarded-agent.ts'
import { parseRetryAfter } from './retry-after.ts'

/** All of an attempt: resolve, connect, send, and the answer's headers and first bytes. */
const budgetMs = 15_000
const maxBodyBytes = 256 * 1024
const keptResponseBytes = 1024
/** Once the status is there, so long for the answer's text: an endpoint that goes on for ever holds no attempt. */
const responseBudgetMs = 1_000

export interface PostedEvent {
  result: AttemptResult
  /** What the answer's Retry-After asked for. */
  retryAfterMs: number | undefined
  /** No endpoint would ever get it: the event itself is the reason, and nothing was sent. */
  isUndeliverable: boolean
}

export interface PostEventDeps {
  dispatcher: Dispatcher
  clock: Clock
  allowLoopback: boolean
  /** Host name of the API, which webhooks may not call. */
  ownHost: string
}

/**
 * One attempt to deliver an event: a signed POST (Standard Webhooks 1.0) that follows no redirect. Never rejects: what
 * went wrong is the result.
 */
export async function postEvent(deps: PostEventDeps, delivery: ClaimedDelivery): Promise<PostedEvent> {
  const startedAt = performance.now()
  const answer = await attempt(deps, delivery).catch((error: unknown): Answer => ({ error: sayWhy(error) }))
  const durationMs = Math.round(performance.now() - startedAt)
  if ('error' in answer) {
    const { error, isUndeliverable = false } = answer
    return { result: { status: null, error, durationMs, response: null }, retryAfterMs: undefined, isUndeliverable }
  }
  const { status, response, retryAfterMs } = answer
  return { result: { status, error: null, durationMs, response }, retryAfterMs, isUndeliverable: false }
}

type Answer =
  { status: number; response: string; retryAfterMs: number | undefined } | { error: string; isUndeliverable?: boolean }

async function attempt(deps: PostEventDeps, delivery: ClaimedDelivery): Promise<Answer> {
  const refused = refuseWebhookUrl(delivery.url, deps)
  if (refused !== undefined) return { error: `The address ${refused}.` }
  const body = JSON.stringify(delivery.event)
  if (Buffer.byteLength(body) > maxBodyBytes) {
    return { error: 'The event is larger than 256 KB.', isUndeliverable: true }
  }

  const {
    statusCode,
    headers,
    body: answer,
  } = await request(delivery.url, {
    dispatcher: deps.dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Wharf-Webhooks/1',
      ...sign(deps.clock.now(), delivery, body),
    },
    body,
    signal: AbortSignal.timeout(budgetMs),
    headersTimeout: budgetMs,
    bodyTimeout: budgetMs,
  })
  return {
    status: statusCode,
    response: await firstBytes(answer),
    retryAfterMs: parseRetryAfter(headers['retry-after'], deps.clock.now()),
  }
}

/** One signature per secret, newest first: while a secret is rotated, receivers accept whichever they know. */
function sign(now: Date, { event, secrets }: ClaimedDelivery, body: string): Record<string, string> {
  return {
    'webhook-id': event.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(event.id, now, body)).join(' '),
  }
}

/** The status alone decides, so an answer that breaks off or never ends loses only its text. */
async function firstBytes(answer: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  const late = setTimeout(() => answer.destroy(), responseBudgetMs)
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.byteLength
      // Leaving the loop destroys the body: nothing more is read.
      if (length > keptResponseBytes) break
    }
  } catch {
    // What came is kept.
  } finally {
    clearTimeout(late)
  }
  return Buffer.concat(chunks).subarray(0, keptResponseBytes).toString('utf8')
}

const sentences: Record<string, string> = {
  ENOTFOUND: 'The host name does not resolve.',
  ENODATA: 'The host name has no address.',
  ETIMEOUT: 'The host name could not be resolved in time.',
  ESERVFAIL: 'The host name could not be resolved now.',
  EAI_AGAIN: 'The host name could not be resolved now.',
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was reset.',
  EHOSTUNREACH: 'The host cannot be reached.',
  ENETUNREACH: 'The host cannot be reached.',
  UND_ERR_CONNECT_TIMEOUT: 'No connection within 5 seconds.',
  UND_ERR_SOCKET: 'The connection was closed before an answer came.',
  UND_ERR_HEADERS_OVERFLOW: "The answer's headers are too large.",
  CERT_HAS_EXPIRED: 'The certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate is self-signed.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another host name.',
}

/** A sentence for the customer, who sees it beside the delivery: it names no address that we resolved. */
function sayWhy(error: unknown): string {
  if (!(error instanceof Error)) return 'The request failed.'
  if (error instanceof AddressRefused) return error.message
  if (error.name === 'TimeoutError') return 'No answer within 15 seconds.'
  if (error instanceof AggregateError && error.errors.length > 0) return sayWhy(error.errors[0])
  const code = (error as NodeJS.ErrnoException).code
  if (code === undefined) return error.cause === undefined ? 'The request failed.' : sayWhy(error.cause)
  return sentences[code] ?? `The request failed (${code}).`
}
