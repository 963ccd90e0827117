import { randomUUID } from 'node:crypto'
import type { ClaimedDelivery, Deliveries } from '#core/ports/deliveries.ts'
import { afterWebhookAttempt } from '#core/rules/webhook-retry.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import type { PostedEvent } from './post-event.ts'

/** Longer than an attempt's whole budget, so that a claim never ends under a running attempt. */
const claimMs = 45_000
const perEndpoint = 8
/** Attempts of this process at the same time. */
const maxAtOnce = 64

/**
 * Delivers events to webhook endpoints, whoever's they are: claims what is due, posts it, records what came of it. Events of
 * one lane go in order because only a lane's oldest delivery is ever due. A breaker per endpoint attaches at `claim`.
 */
export interface WebhookDispatcher {
  start(): void
  /** Deliveries may be due. */
  hint(): void
  /** Claims nothing new; resolves when the running attempts are recorded, which can take as long as their budget. */
  stop(): Promise<void>
}

export function createWebhookDispatcher(deps: {
  deliveries: Deliveries
  post: (delivery: ClaimedDelivery) => Promise<PostedEvent>
  intervalMs: number
  log: Log
  /** In [0, 1). */
  random: () => number
}): WebhookDispatcher {
  const { deliveries, log } = deps
  const running = new Set<Promise<void>>()
  let loop: Loop | undefined

  async function claim(): Promise<void> {
    const limit = maxAtOnce - running.size
    if (limit === 0) return
    const claimed = await deliveries.claimDueAcrossCustomers({ token: randomUUID(), claimMs, limit, perEndpoint })
    for (const delivery of claimed) {
      const work = deliver(delivery).finally(() => running.delete(work))
      running.add(work)
    }
  }

  /** Never rejects: a delivery whose result could not be recorded is due again when its claim ends. */
  async function deliver(delivery: ClaimedDelivery): Promise<void> {
    const fields = { endpoint: delivery.endpointId, event: delivery.eventId, attempt: delivery.attempts + 1 }
    try {
      const { result, retryAfterMs } = await deps.post(delivery)
      const verdict = afterWebhookAttempt({
        status: result.status,
        attempts: delivery.attempts,
        retryAfterMs,
        random: deps.random(),
      })
      const kept = await deliveries.record(delivery, result, verdict)
      log.info(kept ? 'A webhook was attempted.' : 'A webhook was attempted, but its claim had ended.', {
        ...fields,
        ...(result.status === null ? {} : { status: result.status }),
        ...(result.error === null ? {} : { detail: result.error }),
        outcome: verdict.verdict,
        durationMs: result.durationMs,
      })
    } catch (error) {
      log.warn('The result of a webhook could not be recorded; it is sent again.', { ...fields, error })
      return
    }
    // The lane's next delivery is due now.
    loop?.hint()
  }

  return {
    start() {
      loop = startLoop({ name: 'webhook', intervalMs: deps.intervalMs, run: claim, log })
    },
    hint: () => loop?.hint(),
    async stop() {
      await loop?.stop()
      await Promise.all(running)
    },
  }
}
