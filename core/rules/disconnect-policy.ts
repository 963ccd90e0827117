import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { CloseCause } from '#core/ports/driver.ts'

/** What a session does after its connection ended. */
export type NextStep =
  | { step: 'reconnect-now' }
  /** After `reconnectDelayMs`. */
  | { step: 'reconnect-after-backoff' }
  | { step: 'reconnect-after'; delayMs: number }
  | { step: 'reconnect-at'; at: Date }
  /** Nothing, until the customer starts the instance again. The lease is kept. */
  | { step: 'rest' }
  /** The session is another's now: not another word to anybody. */
  | { step: 'end' }

export type DisconnectVerdict =
  { next: Exclude<NextStep, { step: 'end' }>; state: InstanceState; reason: StateReason } | { next: { step: 'end' } }

/** After `replaced`: long enough for another server's session of the same account to be seen and ended. */
export const replacedRetryMs = 60_000

/** A temporary ban whose end WhatsApp did not tell. */
export const unknownBanRetryMs = 60 * 60_000

/** What happened to the session since it was last paired or open. */
export interface DisconnectHistory {
  /** It was asked to restart already; a server that asks again and again must not be answered in a busy loop. */
  restarted: boolean
  /** It was replaced once already and not stable since: its second try failed too. */
  replaced: boolean
}

/** The one table of what each end of a connection means. */
export function afterDisconnect(
  cause: Pick<CloseCause, 'kind' | 'until'>,
  before: DisconnectHistory,
): DisconnectVerdict {
  switch (cause.kind) {
    case 'restart-required':
      return {
        state: 'connecting',
        reason: 'wa-restart-required',
        next: { step: before.restarted ? 'reconnect-after-backoff' : 'reconnect-now' },
      }
    // Nobody here asked for it, so it is a lost connection like any other.
    case 'closed-by-us':
    case 'connection-lost':
      return { state: 'disconnected', reason: 'wa-connection-lost', next: { step: 'reconnect-after-backoff' } }
    case 'unavailable':
      return { state: 'disconnected', reason: 'wa-unavailable', next: { step: 'reconnect-after-backoff' } }
    case 'internal-error':
      return { state: 'disconnected', reason: 'internal-error', next: { step: 'reconnect-after-backoff' } }
    case 'replaced':
      return before.replaced
        ? rest('failed', 'wa-stream-replaced')
        : {
            state: 'disconnected',
            reason: 'wa-stream-replaced',
            next: { step: 'reconnect-after', delayMs: replacedRetryMs },
          }
    case 'temporary-ban':
      return {
        state: 'banned',
        reason: 'wa-temporary-ban',
        next:
          cause.until === undefined
            ? { step: 'reconnect-after', delayMs: unknownBanRetryMs }
            : { step: 'reconnect-at', at: cause.until },
      }
    case 'qr-expired':
      return rest('stopped', 'qr-expired')
    case 'pairing-failed':
      return rest('stopped', 'pairing-failed')
    case 'logged-out':
      return rest('logged_out', 'wa-logged-out')
    case 'client-outdated':
      return rest('failed', 'wa-client-outdated')
    case 'repair-required':
      return rest('failed', 'wa-repair-required')
    case 'passkey-required':
      return rest('failed', 'passkey-required')
    case 'credentials-corrupt':
      return rest('failed', 'credentials-corrupt')
    case 'fenced-out':
      return { next: { step: 'end' } }
  }
}

function rest(state: InstanceState, reason: StateReason): DisconnectVerdict {
  return { state, reason, next: { step: 'rest' } }
}
