import type { PairingView } from '#contracts/http/pairing.ts'
import type { StateReason } from '#contracts/instance-states.ts'
import type { FailureCode } from '#dashboard/lib/api/call-failed.ts'
import type { PairingProgress } from './api/pairing-progress.ts'
import type { Obstacle, Outcome } from './texts/texts.ts'

/** What the page shows. */
export type Scene =
  | { is: 'opening' }
  | { is: 'preparing' }
  | { is: 'ready' }
  | { is: 'connecting' }
  | { is: 'over'; outcome: Outcome; mayTryAgain: boolean }

const byReason: Partial<Record<StateReason, Outcome>> = {
  'qr-expired': 'expired',
  'pairing-failed': 'linkingFailed',
  'passkey-required': 'passkey',
  'wa-logged-out': 'loggedOut',
  'wa-temporary-ban': 'banned',
  'stopped-by-customer': 'stopped',
}
const byFailure: Partial<Record<FailureCode, Outcome>> = {
  INVALID_PAIRING_LINK: 'linkInvalid',
  ACCOUNT_SUSPENDED: 'suspended',
  CONFLICT: 'stopped',
}
/** Trying again would only be refused again. */
const settled = new Set<Outcome>(['linked', 'linkInvalid', 'suspended', 'banned'])

/** A state that rests is shown only when nothing more will come: until then the service is about to start it. */
export function sceneOf({ view, failure, over }: Pick<PairingProgress, 'view' | 'failure' | 'over'>): Scene {
  if (view?.state === 'connected' && failure === undefined) return ending('linked')
  if (over) return ending(failure === undefined ? outcomeOf(view) : (byFailure[failure.code] ?? 'service'))
  if (view === undefined) return { is: 'opening' }
  if (view.state === 'pairing') return { is: 'ready' }
  return { is: view.state === 'connecting' || view.state === 'disconnected' ? 'connecting' : 'preparing' }
}

function ending(outcome: Outcome): Scene {
  return { is: 'over', outcome, mayTryAgain: !settled.has(outcome) }
}

function outcomeOf(view: PairingView | undefined): Outcome {
  if (view?.state === 'banned') return 'banned'
  return (view?.reason && byReason[view.reason]) ?? 'service'
}

/** What is waited for without the person's doing. */
export function obstacleOf({ view, failure, over }: PairingProgress): Obstacle | undefined {
  if (over) return undefined
  if (failure !== undefined) return failure.code === 'NO_CONNECTION' ? 'offline' : 'away'
  return view?.reason === 'no-capacity' ? 'full' : undefined
}
