import type { CustomerId, WebhookId } from '#contracts/ids.ts'
import type { ClaimedDelivery, ClaimOptions, EndpointRoom } from '#core/ports/deliveries.ts'
import { afterBreakerAttempt, closedBreaker, type Breaker } from '#core/rules/webhook-breaker.ts'

/** Attempts of this process at the same time: for one endpoint, for one customer, and at all. */
const perEndpoint = 8
const perCustomer = 32
const maxRunning = 1_024
/** Of those that began within `slowAfterMs`: endpoints that answer never meet this limit because of those that do not. */
const maxFresh = 64
/** An attempt that takes longer leaves its place among the fresh ones to another, and its endpoint counts as slow. */
export const slowAfterMs = 1_000
/** From here on a slow endpoint gets one attempt at a time, so that the rest of the places stays for those that answer. */
const crowdedAt = maxRunning / 2
/** What is known of an endpoint without a sign of life is forgotten. */
const forgetAfterMs = 60 * 60_000

interface Endpoint {
  customerId: CustomerId
  running: number
  isSlow: boolean
  breaker: Breaker
  seenAtMs: number
}

/** What a claim may take now; all but the token. */
export type Room = Pick<ClaimOptions, 'limit' | 'perEndpoint' | 'perCustomer' | 'endpoints' | 'customers'>

/** One attempt on its way. */
export interface RunningAttempt {
  /** The wait of the breaker that was open when the attempt began: it is a probe then. */
  readonly probeWaitMs: number | undefined
  /** It has run for `slowAfterMs`. */
  slow(): void
  /** Undefined when the attempt says nothing about the endpoint. */
  ended(succeeded: boolean | undefined): void
}

/**
 * What this process knows of the endpoints that it calls: what is on its way to each, which are slow, and whose breaker is
 * open. Times are milliseconds of the monotonic clock.
 */
export interface EndpointBoard {
  /** `limit` is 0 when nothing may begin now. */
  room(): Room
  begin(delivery: Pick<ClaimedDelivery, 'endpointId' | 'customerId'>): RunningAttempt
  /** The endpoint was disabled: when its customer enables it, it begins anew. */
  forget(endpointId: WebhookId): void
  counts(): { running: number; openBreakers: number }
}

const differs = ({ which, free }: EndpointRoom) => which !== 'any' || free !== perEndpoint

export function createEndpointBoard(options: {
  now: () => number
  onBreaker?: (change: 'opened' | 'closed', endpointId: WebhookId) => void
}): EndpointBoard {
  const { now, onBreaker } = options
  const endpoints = new Map<WebhookId, Endpoint>()
  let fresh = 0
  let running = 0

  function roomOf(endpointId: WebhookId, endpoint: Endpoint): EndpointRoom {
    const { open } = endpoint.breaker
    if (open !== undefined) {
      const free = endpoint.running === 0 ? 1 : 0
      return { endpointId, free, which: now() >= open.probeAtMs ? 'oldest' : 'test' }
    }
    const most = endpoint.isSlow && running >= crowdedAt ? 1 : perEndpoint
    return { endpointId, free: Math.max(0, most - endpoint.running), which: 'any' }
  }

  function sweep(): void {
    for (const [id, { running: own, breaker, isSlow, seenAtMs }] of endpoints) {
      const isPlain = breaker.failures === 0 && !isSlow
      if (own === 0 && (isPlain || now() - seenAtMs > forgetAfterMs)) endpoints.delete(id)
    }
  }

  return {
    room() {
      sweep()
      const customers = new Map<CustomerId, number>()
      for (const { customerId, running: own } of endpoints.values()) {
        if (own > 0) customers.set(customerId, (customers.get(customerId) ?? perCustomer) - own)
      }
      return {
        limit: Math.max(0, Math.min(maxFresh - fresh, maxRunning - running)),
        perEndpoint,
        perCustomer,
        endpoints: [...endpoints].map(([id, endpoint]) => roomOf(id, endpoint)).filter(differs),
        customers: [...customers].map(([customerId, free]) => ({ customerId, free: Math.max(0, free) })),
      }
    },

    begin({ endpointId, customerId }) {
      const endpoint = endpoints.get(endpointId) ?? {
        customerId,
        running: 0,
        isSlow: false,
        breaker: closedBreaker,
        seenAtMs: now(),
      }
      endpoints.set(endpointId, endpoint)
      const { open } = endpoint.breaker
      const isProbe = open !== undefined && now() >= open.probeAtMs
      let isFresh = true
      endpoint.running++
      running++
      fresh++

      return {
        probeWaitMs: open?.waitMs,
        slow() {
          if (isFresh) fresh--
          isFresh = false
          endpoint.isSlow = true
        },
        ended(succeeded) {
          endpoint.running--
          running--
          if (isFresh) {
            fresh--
            endpoint.isSlow = false
          }
          endpoint.seenAtMs = now()
          if (succeeded === undefined) return
          const wasOpen = endpoint.breaker.open !== undefined
          endpoint.breaker = afterBreakerAttempt(endpoint.breaker, { succeeded, isProbe, nowMs: now() })
          const isOpen = endpoint.breaker.open !== undefined
          if (wasOpen !== isOpen) onBreaker?.(isOpen ? 'opened' : 'closed', endpointId)
        },
      }
    },

    forget(endpointId) {
      const endpoint = endpoints.get(endpointId)
      if (endpoint !== undefined) endpoint.breaker = closedBreaker
    },

    counts: () => ({
      running,
      openBreakers: [...endpoints.values()].filter(({ breaker }) => breaker.open !== undefined).length,
    }),
  }
}
