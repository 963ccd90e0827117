import type { InstanceState, StateReason } from '#contracts/instance-states.ts'

/**
 * Reasons that only a person can do something about. `wa-client-outdated` is none of them: a new worker may be the update
 * that was missing, so it tries once.
 */
const needsSomebody: ReadonlySet<StateReason> = new Set([
  'qr-expired',
  'pairing-failed',
  'passkey-required',
  'wa-logged-out',
  'wa-stream-replaced',
  'wa-repair-required',
  'credentials-corrupt',
])

/**
 * Whether an instance that is wanted, but in this state, stays as it is until the customer starts it again. Asked when a
 * worker takes an instance over: without it every restart of a worker would show QR codes that nobody asked for. A stop
 * leaves the reason `stopped-by-customer`, so that the start after it is never taken for a rest.
 */
export function restsUntilAsked(state: InstanceState, reason: StateReason | null): boolean {
  const final = state === 'stopped' || state === 'logged_out' || state === 'failed'
  return final && reason !== null && needsSomebody.has(reason)
}
