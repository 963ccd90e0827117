import type { QrView } from '#contracts/http/instances.ts'
import type { PairingView } from '#contracts/http/pairing.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { CallFailed } from '#dashboard/lib/api/call-failed.ts'

/** What the page knows of a pairing. */
export interface PairingProgress {
  /** Undefined until the service has told it. */
  view: PairingView | undefined
  /** The code to scan now. */
  qr: QrView | undefined
  /** What is in the way. */
  failure: CallFailed | undefined
  /** Whether nothing more will come unless the person acts. */
  over: boolean
}

/** States in which a person who opens the page wants a code: it is asked for without a question. */
const idle: readonly InstanceState[] = ['created', 'stopped', 'logged_out']

export function startsByItself({ state }: PairingView): boolean {
  return idle.includes(state)
}

const final = new Set(['INVALID_PAIRING_LINK', 'ACCOUNT_SUSPENDED', 'CONFLICT'])

/** Whether the same request may succeed later, so that the page tries again by itself. */
export function passes({ code }: CallFailed): boolean {
  return !final.has(code)
}
