import { setTimeout as delay } from 'node:timers/promises'
import type { MessageView } from '#contracts/http/message-view.ts'
import type { ApiAttempt } from '#tests/faults/history/histories.ts'

/** A text that a client wants sent. */
export interface Order {
  apiKey: string
  instanceId: string
  to: string
  key: string
  body: string
}

const attemptTimeoutMs = 10_000
const firstPauseMs = 100
const maxPauseMs = 2_000

/**
 * Sends as a good client does: one Idempotency-Key for the order, again after a time-out, a broken connection, 429 or 5xx,
 * waiting as long as Retry-After says. Every attempt is noted. Resolves when the message is accepted or refused for good, or
 * when `signal` aborts.
 */
export async function sendUntilAnswered(
  apiUrl: string,
  order: Order,
  client: {
    history: ApiAttempt[]
    signal: AbortSignal
    /** Runs each attempt when its turn comes. */
    limit?: <T>(work: () => Promise<T>) => Promise<T>
  },
): Promise<ApiAttempt | undefined> {
  const { history, signal, limit = (work) => work() } = client
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
    const { attempt, retryAfterMs } = await limit(() => attemptOnce(apiUrl, order))
    history.push(attempt)
    const { status } = attempt
    if (status !== null && status < 500 && status !== 429) return attempt
    await delay(retryAfterMs ?? pauseMs, undefined, { signal }).catch(() => undefined)
  }
  return undefined
}

async function attemptOnce(
  apiUrl: string,
  { apiKey, instanceId, to, key, body }: Order,
): Promise<{ attempt: ApiAttempt; retryAfterMs?: number | undefined }> {
  const base = { atMs: Date.now(), key, body }
  try {
    const answer = await fetch(`${apiUrl}/api/v1/instances/${instanceId}/messages`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ to, type: 'text', text: { body } }),
      signal: AbortSignal.timeout(attemptTimeoutMs),
    })
    const envelope = (await answer.json()) as { data?: MessageView; error?: { code: string } }
    const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN)
    return {
      attempt: {
        ...base,
        status: answer.status,
        code: envelope.error?.code,
        messageId: envelope.data?.id,
        waMessageId: envelope.data?.wa_message_id,
      },
      retryAfterMs: Number.isNaN(retryAfter) ? undefined : retryAfter * 1_000,
    }
  } catch (error) {
    return { attempt: { ...base, status: null, code: (error as Error).name } }
  }
}
