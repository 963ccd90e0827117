import { ApiError } from '#contracts/errors.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { maxHeldRequests } from '#core/rules/held-requests.ts'
import type { App } from '#core/verbs/app.ts'

/** Takes a place among the requests that wait; returns the function that leaves it. Throws RATE_LIMIT_EXCEEDED. */
export function enterHeld(app: Pick<App, 'heldRequests'>, customerId: CustomerId): () => void {
  const leave = app.heldRequests.enter(customerId)
  if (leave !== undefined) return leave
  throw new ApiError('RATE_LIMIT_EXCEEDED', `At most ${maxHeldRequests} requests can wait for events at once.`, {
    retryAfterSeconds: 5,
  })
}
