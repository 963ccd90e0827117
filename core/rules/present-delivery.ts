import type { DeliveryView } from '#contracts/http/webhooks.ts'
import type { Delivery } from '#core/ports/webhook-deliveries.ts'

/** A delivery as customers see it. */
export function presentDelivery(delivery: Delivery): DeliveryView {
  return {
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    event_timestamp: delivery.occurredAt.toISOString(),
    status: delivery.status,
    attempt_count: delivery.attemptCount,
    attempts: delivery.attempts.map(({ attempt, attemptedAt, durationMs, status, error, response }) => ({
      attempt,
      attempted_at: attemptedAt.toISOString(),
      duration_ms: durationMs,
      status,
      error,
      response,
    })),
    next_attempt_at: delivery.status === 'pending' ? delivery.nextAttemptAt.toISOString() : null,
    finished_at: delivery.finishedAt?.toISOString() ?? null,
  }
}
