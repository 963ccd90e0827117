import { randomUUID } from 'node:crypto'
import type { AttemptVerdict, ClaimedDelivery, Deliveries } from '#core/ports/deliveries.ts'
import { afterWebhookAttempt, succeeded } from '#core/rules/webhook-retry.ts'
import type { Log } from '#worker-node/log.ts'
import { startLoop, type Loop } from '#worker-node/loop.ts'
import { createAttemptRecorder, type Recorded } from './attempt-recorder.ts'
import { createEndpointBoard, slowAfterMs, type EndpointBoard, type RunningAttempt } from './endpoint-board.ts'
import type { PostedEvent } from './post-event.ts'

/** Longer than an attempt's whole budget, so that a claim never ends under a running attempt. */
const claimMs = 45_000

/**
 * Delivers events to webhook endpoints, whoever's they are: claims what is due and may begin now, posts it, records what
 * came of it. Events of one lane go in order because only a lane's oldest delivery is ever due.
 */
export interface WebhookDispatcher {
  start(): void
  /** Deliveries may be due. */
  hint(): void
  /** Claims nothing new; resolves when the running attempts are recorded, which can take as long as their budget. */
  stop(): Promise<void>
  /** For metrics: attempts on their way, and endpoints whose breaker is open. */
  counts(): ReturnType<EndpointBoard['counts']>
}

export function createWebhookDispatcher(deps: {
  deliveries: Deliveries
  post: (delivery: ClaimedDelivery) => Promise<PostedEvent>
  /** The run that holds the lease now, under which deliveries are claimed; undefined: none are. */
  incarnation: () => string | undefined
  intervalMs: number
  log: Log
  /** In [0, 1). */
  random: () => number
  onBreakerOpened?: () => void
}): WebhookDispatcher {
  const { deliveries, log, random } = deps
  const running = new Set<Promise<void>>()
  const recorder = createAttemptRecorder(deliveries)
  const board = createEndpointBoard({ now: () => performance.now(), onBreaker: tellBreaker })
  let loop: Loop | undefined

  async function claim(): Promise<void> {
    const incarnation = deps.incarnation()
    const room = board.room()
    if (incarnation === undefined || room.limit === 0) return
    const claimed = await deliveries.claimDueAcrossCustomers({
      ...room,
      token: randomUUID(),
      incarnation,
      claimMs,
      random: random(),
    })
    for (const delivery of claimed) {
      const work = deliver(delivery, board.begin(delivery)).finally(() => running.delete(work))
      running.add(work)
    }
  }

  /** Never rejects: a delivery whose result could not be recorded is due again when its claim ends. */
  async function deliver(delivery: ClaimedDelivery, attempt: RunningAttempt): Promise<void> {
    const slow = setTimeout(() => {
      attempt.slow()
      loop?.hint()
    }, slowAfterMs)
    const posted = await deps.post(delivery)
    clearTimeout(slow)
    const { result, retryAfterMs, isUndeliverable } = posted
    attempt.ended(isUndeliverable ? undefined : succeeded(result.status))
    const verdict: AttemptVerdict = isUndeliverable
      ? { verdict: 'undeliverable' }
      : afterWebhookAttempt({
          status: result.status,
          attempts: delivery.attempts,
          retryAfterMs,
          random: random(),
          probeWaitMs: attempt.probeWaitMs,
        })
    try {
      const recorded = await recorder.record({ delivery, result, verdict })
      tell(delivery, posted, verdict, recorded)
    } catch (error) {
      const { endpointId: endpoint, eventId: event } = delivery
      log.warn('The result of a webhook could not be recorded; it is sent again.', { endpoint, event, error })
      return
    }
    // The lane's next delivery is due now.
    loop?.hint()
  }

  function tell(
    { endpointId: endpoint, eventId: event, attempts }: ClaimedDelivery,
    { result }: PostedEvent,
    { verdict: outcome }: AttemptVerdict,
    { kept, disabled }: Recorded,
  ): void {
    log.info(kept ? 'A webhook was attempted.' : 'A webhook was attempted, but its claim had ended.', {
      endpoint,
      event,
      attempt: attempts + 1,
      ...(result.status === null ? {} : { status: result.status }),
      ...(result.error === null ? {} : { detail: result.error }),
      outcome,
      durationMs: result.durationMs,
    })
    for (const { endpointId, reason } of disabled) {
      board.forget(endpointId)
      log.warn('A webhook endpoint was disabled.', { endpoint: endpointId, reason })
    }
  }

  function tellBreaker(change: 'opened' | 'closed', endpoint: string): void {
    if (change === 'opened') deps.onBreakerOpened?.()
    log.info(
      change === 'opened' ? 'A webhook endpoint fails: it is only probed now.' : 'A webhook endpoint answers again.',
      {
        endpoint,
      },
    )
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
    counts: () => board.counts(),
  }
}
