import type { Context } from 'hono'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { Actor, App, Guest } from '#core/verbs/app.ts'
import type { AddressLimiter, RateLimiter } from '#core/ports/rate-limiter.ts'
import type { RequestCounts } from '#core/ports/usage.ts'
import type { PublicKey } from '#contracts/http/service.ts'
import type { UsageBuffer } from './adapters/usage-buffer.ts'
import type { RequestRecord } from './log.ts'

/** HTTP requests that one request made, for the canonical log line. */
export interface Meter {
  database: number
  redis: number
}

/** What one request works with: the verbs' ports and what only the edge itself needs. */
export interface EdgeServices extends App, AdminApp {
  version: string
  /** Origin of the dashboard's pages when it is not the API's own. */
  dashboardOrigin: string | undefined
  rateLimiter: RateLimiter
  addressLimiter: AddressLimiter
  probes: Probes
  /** Public halves of the keys that sign service tokens. */
  servicePublicKeys: PublicKey[]
  documents: ApiDocuments
  usageBuffer: UsageBuffer
}

/** The description of this API. Each form is made when it is first asked for, and then remembered by the isolate. */
export interface ApiDocuments {
  /** OpenAPI 3.1 as JSON. */
  openApi(): string
  /** The same as a page, with the `Content-Security-Policy` that lets it do nothing but show itself. */
  page(): Promise<{ html: string; contentSecurityPolicy: string }>
}

/** Whether the neighbours answer, within a second. Never rejects. */
export interface Probes {
  database(): Promise<boolean>
  redis(): Promise<boolean>
}

/** Hono's environment: what middleware leaves for those after it. */
export interface EdgeEnv {
  Variables: {
    requestId: string
    /** The request was counted for its address before it was answered. */
    countedForAddress: boolean
    record: RequestRecord
    /** Bytes of the bodies, as far as they were read and made. */
    traffic: Omit<RequestCounts, 'requests'>
    services: EdgeServices
    /** The JSON body; undefined when it was empty. */
    body: unknown
    actor: Actor
    admin: AdminActor
    guest: Guest
  }
}

export type EdgeContext = Context<EdgeEnv>
