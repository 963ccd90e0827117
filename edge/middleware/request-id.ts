import type { MiddlewareHandler } from 'hono'
import { newId } from '#contracts/ids.ts'
import type { EdgeEnv } from '#edge/edge-env.ts'

/** Gives the request its id: the caller's `X-Request-Id` when it is a plain word, else a new one. */
export const requestId: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const given = c.req.header('x-request-id')
  const id = given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : newId('request')
  c.set('requestId', id)
  c.header('X-Request-Id', id)
  await next()
}
