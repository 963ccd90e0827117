import { ApiError } from '#contracts/errors.ts'
import type { NewMessage } from '#core/ports/messages.ts'

const dayMs = 24 * 60 * 60 * 1000
export const defaultExpiryMs = dayMs
export const longestExpiryMs = 7 * dayMs

/** When a message is given up: in 24 hours, or at the asked moment, which lies within the next 7 days. */
export function messageExpiry(asked: Date | undefined, now: Date): NewMessage['expiry'] {
  if (asked === undefined) return { afterMs: defaultExpiryMs }
  const aheadMs = asked.getTime() - now.getTime()
  if (aheadMs <= 0) throw invalid('must be in the future')
  if (aheadMs > longestExpiryMs) throw invalid('must be at most 7 days ahead')
  return { at: asked }
}

function invalid(problem: string): ApiError {
  return new ApiError('VALIDATION_ERROR', 'The request is not valid.', { details: { expires_at: problem } })
}
