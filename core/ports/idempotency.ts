import type { CustomerId } from '#contracts/ids.ts'

/** An answer as it is kept for repetitions. */
export interface KeptAnswer {
  /** HTTP status. */
  status: number
  body: unknown
}

export type BeginOutcome =
  /** Nobody acted under this key: the caller does, and then calls `finish` or `forget`. */
  | { outcome: 'begun' }
  | { outcome: 'finished'; answer: KeptAnswer }
  /** Somebody is acting. */
  | { outcome: 'running' }
  /** The key was used for another request. */
  | { outcome: 'mismatch' }

/** How long a key stands for its request, and an answer is kept. */
export const keptForMs = 7 * 24 * 60 * 60 * 1_000

/** After so long without an answer whoever acted is taken for dead, and a repetition acts. Longer than any request. */
export const claimedForMs = 60_000

/** What was done under which `Idempotency-Key` of a customer. */
export interface Idempotency {
  /** Of any number at once exactly one begins. `token` is the caller's own and new. */
  begin(customerId: CustomerId, request: { key: string; requestHash: Uint8Array; token: string }): Promise<BeginOutcome>
  /** Keeps the answer, unless another token has begun since. */
  finish(customerId: CustomerId, claim: { key: string; token: string }, answer: KeptAnswer): Promise<void>
  /** The request was not acted upon: the next one with this key begins anew. */
  forget(customerId: CustomerId, claim: { key: string; token: string }): Promise<void>
  /** Deletes what is older than `keptForMs`, at most `limit`; returns how many. */
  purgeAcrossCustomers(limit: number): Promise<number>
}
