import type { EventId, WebhookId } from '#contracts/ids.ts'
import type { WharfEvent } from '#contracts/events.ts'

/** A delivery that this dispatcher owns until its claim ends. */
export interface ClaimedDelivery {
  endpointId: WebhookId
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

/** Delivered, tried again after a time, given up, or given up together with the endpoint (410 Gone). */
export type AttemptVerdict = { verdict: 'delivered' | 'dead' | 'endpoint-gone' } | { verdict: 'retry'; afterMs: number }

/** Events on their way to webhook endpoints, for the dispatcher. */
export interface Deliveries {
  /**
   * Claims deliveries that are due, at most one per lane (the lane's oldest pending one) and at most `perEndpoint` for
   * one endpoint, counting claims that are still running.
   */
  claimDueAcrossCustomers(options: {
    token: string
    claimMs: number
    limit: number
    perEndpoint: number
  }): Promise<ClaimedDelivery[]>
  /** Keeps the attempt and moves the delivery on. False when the claim was lost in the meantime: nothing is moved then. */
  record(delivery: ClaimedDelivery, result: AttemptResult, verdict: AttemptVerdict): Promise<boolean>
}
