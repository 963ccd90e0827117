import { ApiError } from '#contracts/errors.ts'
import { stateReasons, type InstanceState, type StateReason } from '#contracts/instance-states.ts'
import { PairingRefused } from '#core/ports/driver.ts'

/** Why there is no QR code to show and no code to ask for. */
export function notPairing(state: InstanceState, reason: StateReason | null): ApiError {
  const why = reason === null ? '' : ` ${stateReasons[reason]}`
  return new ApiError('INSTANCE_NOT_PAIRING', `The instance is ${state}, not waiting to be paired.${why}`)
}

/** What the caller is told when WhatsApp gave no pairing code; other errors stay what they are. */
export function pairingError(error: unknown, state: InstanceState, reason: StateReason | null): unknown {
  if (!(error instanceof PairingRefused)) return error
  if (error.why === 'not-pairing') return notPairing(state, reason)
  return new ApiError('PAIRING_REFUSED', 'WhatsApp refused to make a pairing code for this number.', { cause: error })
}
