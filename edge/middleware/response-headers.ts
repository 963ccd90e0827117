import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '#edge/edge-env.ts'

/** Answers belong to one caller and are data, never a document to render. A route may set another `Cache-Control`. */
export const responseHeaders: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  c.header('Cache-Control', 'no-store')
  c.header('X-Content-Type-Options', 'nosniff')
  await next()
}
