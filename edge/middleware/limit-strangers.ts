import type { MiddlewareHandler } from 'hono'
import { ApiError } from '#contracts/errors.ts'
import type { StrangerKind } from '#core/ports/rate-limiter.ts'
import { tooManyOfAddress } from '#edge/adapters/address-limiter.ts'
import type { EdgeContext, EdgeEnv } from '#edge/edge-env.ts'

/** Before a route that asks nobody who they are: counts the request for its address. Throws RATE_LIMIT_EXCEEDED. */
export const limitStrangers: MiddlewareHandler<EdgeEnv> = async (c, next) => {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  const refusal = await countForAddress(c, isRead ? 'read' : 'log-in')
  if (refusal !== undefined) throw refusal
  await next()
}

/**
 * After whatever refused a caller for not proving who it is: counts the request for its address. The refusal, or the one for
 * too many in its place. So a request with a valid key is never counted, and no ban is in its way.
 */
export async function limitRefused(error: unknown, c: EdgeContext): Promise<unknown> {
  const isRefused = error instanceof ApiError && error.status === 401
  if (!isRefused || c.get('countedForAddress')) return error
  return (await countForAddress(c, 'wrong-key')) ?? error
}

async function countForAddress(c: EdgeContext, kind: StrangerKind): Promise<ApiError | undefined> {
  c.set('countedForAddress', true)
  const { addressLimiter, clock } = c.var.services
  const nextAt = await addressLimiter.consume(kind)
  return nextAt === undefined ? undefined : tooManyOfAddress(nextAt, clock.now().getTime())
}
