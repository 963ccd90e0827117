import type { MiddlewareHandler } from 'hono'
import { ApiError } from '#contracts/errors.ts'
import type { EdgeContext, EdgeEnv } from '#edge/edge-env.ts'

const methods = 'GET, POST, PUT, DELETE'
const requestHeaders = 'Authorization, Content-Type, X-Request-Id'
const exposed = 'X-Request-Id, Retry-After, Content-Disposition'
const preflightSeconds = '7200'

/**
 * Pages of exactly one other origin, the dashboard's, may read what its pages call and send their cookie; no origin is ever reflected.
 * Preflights are answered here.
 */
export function dashboardCors(dashboardOrigin: string | undefined): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    c.header('Vary', 'Origin')
    if (dashboardOrigin !== undefined && c.req.header('origin') === dashboardOrigin) {
      c.header('Access-Control-Allow-Origin', dashboardOrigin)
      c.header('Access-Control-Allow-Credentials', 'true')
      c.header('Access-Control-Expose-Headers', exposed)
      if (c.req.method === 'OPTIONS') {
        c.header('Access-Control-Allow-Methods', methods)
        c.header('Access-Control-Allow-Headers', requestHeaders)
        c.header('Access-Control-Max-Age', preflightSeconds)
        return c.body(null, 204)
      }
    }
    return next()
  }
}

/**
 * A request that acts by its cookie has to come from our own pages: SameSite=Strict says so to browsers, and this says so to
 * those that do not listen. Throws FORBIDDEN.
 */
export function requireOwnOrigin(dashboardOrigin: string | undefined): MiddlewareHandler<EdgeEnv> {
  return async (c, next) => {
    const origin = c.req.header('origin')
    if (origin === undefined || (origin !== dashboardOrigin && origin !== ownOrigin(c))) {
      throw new ApiError('FORBIDDEN', 'This is answered to pages of the dashboard only.', {
        details: { origin: 'is not the dashboard' },
      })
    }
    await next()
  }
}

function ownOrigin(c: EdgeContext): string {
  return new URL(c.req.url).origin
}
