import type { MessageFailure } from '#contracts/message-status.ts'
import type { SendOutcome } from '#core/ports/driver.ts'
import { resendWaitMs, tooFastWaitMs } from './resend-wait.ts'

/** What becomes of a message after an attempt to send it. */
export type SendVerdict =
  | { verdict: 'sent' }
  | { verdict: 'failed'; failure: MessageFailure }
  /** It stays as it is; the same id goes out again after this time, or at once after a reconnect. */
  | { verdict: 'again'; afterMs: number }
  /** Others ended it; nothing is to be written. */
  | { verdict: 'ended' }

const restricted = 463
const tooFast = 429

/** `unconfirmed` counts the attempts on this connection that nobody confirmed before this one. */
export function afterAttempt(outcome: SendOutcome, unconfirmed: number): SendVerdict {
  switch (outcome.outcome) {
    case 'acked':
      return { verdict: 'sent' }
    case 'unconfirmed':
      return { verdict: 'again', afterMs: resendWaitMs(unconfirmed + 1) }
    case 'not-on-whatsapp':
      return { verdict: 'failed', failure: 'NOT_ON_WHATSAPP' }
    case 'withdrawn':
      return { verdict: 'ended' }
    case 'invalid':
      return { verdict: 'failed', failure: 'CONTENT_INVALID' }
    case 'refused':
      if (outcome.code === tooFast) return { verdict: 'again', afterMs: tooFastWaitMs }
      return {
        verdict: 'failed',
        failure: outcome.code === restricted ? 'RECIPIENT_RESTRICTED' : 'REFUSED_BY_WHATSAPP',
      }
  }
}
