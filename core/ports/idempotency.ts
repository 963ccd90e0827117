import type { CustomerId } from '#contracts/ids.ts'

/** An answer as it is kept for repetitions. */
export interface KeptAnswer {
  /** HTTP status. */
  status: number
  body: unknown
}

/** The key of a request that acts once. Whoever stores its effect takes it along, and writes both or neither. */
export interface Once {
  key: string
}

/** Of what a request did, the part of its answer that cannot be read again: ids that were made, moments, numbers. */
export type Effect = Record<string, string | number | null>

/** A store that was told to act under a key throws this when that was done before: nothing was done now. */
export class ActedBefore extends Error {}

export type BeginOutcome =
  /** Nobody acted under this key: the caller does, and then calls `finish` or `release`. */
  | { outcome: 'begun' }
  /** Somebody acted, and its answer was lost: the caller tells again what was done, and then calls `finish`. */
  | { outcome: 'acted'; effect: Effect }
  | { outcome: 'finished'; answer: KeptAnswer }
  /** Somebody is acting. */
  | { outcome: 'running' }
  /** The key was used for another request. */
  | { outcome: 'mismatch' }

/** How long a key stands for its request, and an answer is kept. */
export const keptForMs = 7 * 24 * 60 * 60 * 1_000

/** After so long without an effect whoever began is taken for dead, and a repetition acts. Longer than any request. */
export const claimedForMs = 60_000

/** What was done under which `Idempotency-Key` of a customer. */
export interface Idempotency {
  /** Of any number at once exactly one begins or finds out what was done. `token` is the caller's own and new. */
  begin(customerId: CustomerId, request: { key: string; requestHash: Uint8Array; token: string }): Promise<BeginOutcome>
  /** Keeps the answer, unless another token has begun since, or it is a refusal although somebody acted. */
  finish(customerId: CustomerId, claim: { key: string; token: string }, answer: KeptAnswer): Promise<void>
  /** Whether it was acted upon is not known: the next request with this key finds out, and acts if nobody did. */
  release(customerId: CustomerId, claim: { key: string; token: string }): Promise<void>
  /** Deletes what is older than `keptForMs`, at most `limit`; returns how many. */
  purgeAcrossCustomers(limit: number): Promise<number>
}
