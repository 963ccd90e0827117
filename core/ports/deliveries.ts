import type { DisabledReason, WharfEvent } from '#contracts/events.ts'
import type { CustomerId, EventId, WebhookId } from '#contracts/ids.ts'

/** A delivery that this dispatcher owns until its claim ends: after a time, or with the lease of its run. */
export interface ClaimedDelivery {
  endpointId: WebhookId
  customerId: CustomerId
  eventId: EventId
  url: string
  /** Signing secrets, newest first: two while one is being rotated. */
  secrets: string[]
  event: WharfEvent
  /** Attempts made before this one, since the delivery became due or was replayed: where its schedule stands. */
  attempts: number
  claimToken: string
}

/** What an attempt met. `status` is null when there was no HTTP answer, and `error` then says why. */
export interface AttemptResult {
  status: number | null
  error: string | null
  durationMs: number
  /** The first kilobyte of the answer. */
  response: string | null
}

/**
 * Delivered; given up; given up together with the endpoint (410 Gone); never to be delivered, which is not the endpoint's
 * fault; tried again after a time; or tried again after a time without having counted, because it only probed an endpoint
 * that fails.
 */
export type AttemptVerdict =
  | { verdict: 'delivered' | 'dead' | 'endpoint-gone' | 'undeliverable' }
  | { verdict: 'retry' | 'probe-failed'; afterMs: number }

export interface Attempt {
  delivery: ClaimedDelivery
  result: AttemptResult
  verdict: AttemptVerdict
}

export interface RecordOutcome {
  /** For each attempt, in their order, whether its claim still held: what came under a lost claim moved nothing. */
  kept: boolean[]
  /** Endpoints that these attempts disabled. */
  disabled: { endpointId: WebhookId; reason: DisabledReason }[]
}

/** How much of one endpoint may be claimed now, where it is not `perEndpoint`. */
export interface EndpointRoom {
  endpointId: WebhookId
  free: number
  /**
   * `oldest`: begin with the event that waits longest. `test`: nothing but test events, unless the endpoint does not count
   * as failing any more: another process reached it, or its customer changed it.
   */
  which: 'any' | 'oldest' | 'test'
}

export interface ClaimOptions {
  token: string
  /** The run of the worker that claims: its claims end with the lease that it holds. */
  incarnation: string
  claimMs: number
  /** Most deliveries of this claim. */
  limit: number
  /** Most attempts at a time for one endpoint and for one customer, by one dispatcher. */
  perEndpoint: number
  perCustomer: number
  /** Endpoints and customers of which fewer may be claimed now, because some are on their way or the breaker is open. */
  endpoints?: readonly EndpointRoom[]
  customers?: readonly { customerId: CustomerId; free: number }[]
  /** In [0, 1): where in a long queue of lanes the search begins, so that each has its turn. */
  random?: number
}

/** Failing for so long without one success, an endpoint is disabled. */
export const disabledAfterMs = 5 * 24 * 60 * 60 * 1_000

/** Events on their way to webhook endpoints, for the dispatcher. */
export interface Deliveries {
  /**
   * Claims deliveries that are due, at most one per lane: the lane's oldest pending one, if no claim on it runs. Customers
   * take turns, those with the least on its way first, and within a customer its endpoints do.
   */
  claimDueAcrossCustomers(options: ClaimOptions): Promise<ClaimedDelivery[]>
  /**
   * Keeps attempts and moves their deliveries on, all in one transaction. Keeps since when an endpoint fails, and disables
   * it when it is gone or has failed for `disabledAfterMs`; the event `webhook.disabled` tells it to the customer.
   */
  record(attempts: readonly Attempt[]): Promise<RecordOutcome>
}
