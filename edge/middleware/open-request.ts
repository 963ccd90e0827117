import type { MiddlewareHandler } from 'hono'
import { createBackground } from '#edge/adapters/background.ts'
import { limitedNetwork } from '#core/rules/ip-address.ts'
import type { EdgeEnv, Meter } from '#edge/edge-env.ts'
import type { Log, RequestRecord } from '#edge/log.ts'
import type { OpenServices } from '#edge/open-services.ts'
import { originOf } from './origin-of.ts'

/**
 * Makes what the request works with, and writes its one canonical log line at the end. Adapters are made per request:
 * Workers tie I/O to the request that began it, and this is how its requests to database and Redis are counted.
 */
export function openRequest(open: OpenServices, log: Log): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const startedAt = Date.now()
    const meter: Meter = { database: 0, redis: 0 }
    const record: RequestRecord = {
      event: 'request',
      request_id: c.get('requestId'),
      method: c.req.method,
      route: null,
      status: 0,
      duration_ms: 0,
      customer_id: null,
      key_id: null,
      admin_id: null,
      error_code: null,
      database_requests: 0,
      redis_requests: 0,
    }
    c.set('record', record)
    const { requestId } = c.var
    const background = createBackground(requestId, (work) => c.executionCtx.waitUntil(work), log)
    const network = limitedNetwork(originOf(c).address ?? '')
    const services = open({ requestId, meter, background, network })
    c.set('services', services)
    c.set('traffic', { bytesIn: 0, bytesOut: 0 })
    await next()
    if (record.customer_id !== null) {
      services.usageBuffer.count(services, record.customer_id, { requests: 1, ...c.var.traffic })
    }
    log({
      ...record,
      status: c.res.status,
      duration_ms: Date.now() - startedAt,
      database_requests: meter.database,
      redis_requests: meter.redis,
    })
  }
}
