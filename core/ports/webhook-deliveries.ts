import type { EventType } from '#contracts/events.ts'
import type { CustomerId, EventId, WebhookId } from '#contracts/ids.ts'
import type { Once } from './idempotency.ts'
import type { Page } from './instances.ts'

export type DeliveryStatus = 'pending' | 'delivered' | 'dead' | 'dropped'

/** One event on its way to one endpoint, as its customer sees it. */
export interface Delivery {
  eventId: EventId
  eventType: EventType
  /** When the event happened. */
  occurredAt: Date
  status: DeliveryStatus
  attemptCount: number
  /** The last `maxShownAttempts`, oldest first. */
  attempts: DeliveryAttempt[]
  nextAttemptAt: Date
  finishedAt: Date | null
}

export interface DeliveryAttempt {
  attempt: number
  attemptedAt: Date
  durationMs: number
  /** HTTP status; null with an error when there was no answer. */
  status: number | null
  error: string | null
  /** The first kilobyte of the answer. */
  response: string | null
}

/** So many attempts of a delivery are shown: all of one schedule, and some of those before it was replayed. */
export const maxShownAttempts = 20

/** So many deliveries can be replayed at once. */
export const maxReplayed = 1_000

/** One event, or all that happened in a time: `to` is not included. */
export type ReplayChoice = { eventId: EventId } | { from: Date; to: Date }

export type ReplayOutcome =
  /** `continueFrom`: the time of the first event that was beyond `maxReplayed`. */
  | { outcome: 'replayed'; replayed: number; continueFrom: Date | null }
  | { outcome: 'not-found' }
  /** The event never was on its way to this endpoint. */
  | { outcome: 'event-not-found' }
  | { outcome: 'disabled' }

/** Which deliveries to list. */
export interface DeliveryQuery {
  limit: number
  cursor?: string | undefined
  status?: DeliveryStatus | undefined
  eventType?: EventType | undefined
}

/** What a customer sees and does of deliveries. Endpoints that are unknown, deleted or of others are not found. */
export interface WebhookDeliveries {
  /** Newest first; undefined when there is no such endpoint. */
  list(customerId: CustomerId, id: WebhookId, query: DeliveryQuery): Promise<Page<Delivery> | undefined>
  /**
   * Delivered and dead deliveries become due again, under the same event id and with the whole schedule of retries, the
   * oldest first and at most `maxReplayed`. What is pending already stays as it is. Effect under a key: `replayed` and
   * `continue_from`.
   */
  replay(customerId: CustomerId, id: WebhookId, choice: ReplayChoice, once?: Once): Promise<ReplayOutcome>
}
