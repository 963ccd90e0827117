import type { z } from 'zod'
import type { Body, Contract, Headers, Params, Query } from '#contracts/http/contract.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { Effect, Once } from '#core/ports/idempotency.ts'
import type { RateLimiter } from '#core/ports/rate-limiter.ts'
import type { RequestIdentity } from '#core/rules/request-hash.ts'
import type { AdminActor, Origin } from '#core/verbs/admin-app.ts'
import type { Actor, Guest } from '#core/verbs/app.ts'
import type { EdgeServices } from '#edge/edge-env.ts'

/** Who may call a route. Data, so that one middleware enforces it and tests can walk over all routes. */
export type Policy = PublicPolicy | KeyPolicy | AdminPolicy | CookiePolicy | GuestPolicy

export interface PublicPolicy {
  auth: 'none'
}

/** An admin with an access token, whose role may do all that this one may. */
export interface AdminPolicy {
  auth: 'admin'
  role: AdminRole
}

/** The dashboard's own pages, by the refresh token in their cookie, which the verb proves. */
export interface CookiePolicy {
  auth: 'cookie'
}

/** Whoever holds a pairing link, counted as a request of its customer. */
export interface GuestPolicy {
  auth: 'pairing-link'
  limit: KeyPolicy['limit']
}

export interface KeyPolicy {
  auth: 'api-key'
  scope: Scope
  /** What the request counts as for the rate limit. */
  limit: Parameters<RateLimiter['consume']>[2]
  /**
   * When it is read whether the key is live and has the scope: `first`, before the route, or `in-verb`, where the verb
   * does it inside its own transaction to save a request to the database.
   */
  keyCheck: 'first' | 'in-verb'
  /** Every POST says it. */
  idempotent?: Idempotent
}

/**
 * What a repetition of a request does. With an `Idempotency-Key` it acts once and its answer is kept, whole or without the
 * `secret` that it shows once; or the verb keeps the key with what it creates, in the same transaction. `by-nature` is for
 * what neither creates nor sends: done twice it is as if done once.
 */
export type Idempotent = 'whole-answer' | 'hides-secret' | 'in-verb' | 'by-nature'

/** What every route gets, as the table of routes knows it. */
export interface AnyCall {
  services: EdgeServices
  actor: unknown
  params: unknown
  query: unknown
  headers: unknown
  body: unknown
  /** The request as it came. */
  request: RequestIdentity
  requestId: string
  /** For the store of an effect that happens once under the request's key. */
  once: Once | undefined
  /** Where it came from, for the audit log. */
  origin: Origin
  userAgent: string | null
  /** Host name under which this service was called. */
  ownHost: string
  /** Origin under which this service was called. */
  ownOrigin: string
}

/** What a route of contract `C` gets: validated by it. */
export interface Call<C extends Contract, P extends Policy> extends AnyCall {
  actor: P extends KeyPolicy ? Actor : P extends AdminPolicy ? AdminActor : P extends GuestPolicy ? Guest : undefined
  params: Params<C>
  query: Query<C>
  headers: Headers<C>
  body: Body<C>
}

export interface JsonAnswer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

/** An answer as it goes out: in another form than JSON, or JSON that is written already. */
export interface WrittenAnswer {
  status: 200
  written: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  headers: { 'Content-Type': string } & Record<string, string>
}

export type AnyAnswer = JsonAnswer | WrittenAnswer

/** One of the contract's answers. */
export type Answer<C extends Contract> =
  | WrittenAnswer
  | {
      [S in keyof C['responses'] & number]: {
        status: S
        body: C['responses'][S] extends z.ZodType ? z.input<C['responses'][S]> : null
        headers?: Record<string, string>
      }
    }[keyof C['responses'] & number]

/** A route as the table knows it. Only defineRoute makes one, so none can lack a contract or a policy. */
export interface Route {
  contract: Contract
  policy: Policy
  handle(call: AnyCall): Promise<AnyAnswer>
  tellAgain?(call: AnyCall, effect: Effect): Promise<AnyAnswer>
}

/** Policies under which a request with a key acts once, and its effect is written down by the store that has it. */
type OncePolicy = KeyPolicy & { idempotent: 'whole-answer' | 'hides-secret' }

export function defineRoute<C extends Contract, const P extends Policy>(
  route: {
    contract: C
    policy: P & (C['method'] extends 'POST' ? Exclude<Policy, KeyPolicy> | { idempotent: Idempotent } : unknown)
    handle(call: Call<C, P>): Promise<Answer<C>>
  } & (P extends OncePolicy
    ? {
        /** Answers what was done when the answer to it was lost; the port of the store says what the effect holds. */
        tellAgain(call: Call<C, P>, effect: never): Promise<Answer<C>>
      }
    : unknown),
): Route {
  // The types that bind handle to its contract end here: run-route.ts validates by the same contract.
  return route as unknown as Route
}
