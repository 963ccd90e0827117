import type { InstanceView, QrView } from '#contracts/http/instances.ts'
import type { InstanceState } from '#contracts/instance-states.ts'
import type { PairingEnd } from '#contracts/pairing-end.ts'

/** States that stay until somebody acts. */
const resting: readonly InstanceState[] = ['stopped', 'logged_out', 'banned', 'failed']

export function rests({ state }: Pick<InstanceView, 'state'>): boolean {
  return resting.includes(state)
}

/**
 * Whether pairing is over. A state that rests is no end while `mayStart`: somebody asked for the start just before, and
 * the worker has not looked yet.
 */
export function pairingEnd(
  instance: Pick<InstanceView, 'state' | 'desired'>,
  { mayStart }: { mayStart: boolean },
): PairingEnd | undefined {
  if (instance.state === 'connected') return 'paired'
  if (instance.desired === 'stopped') return 'stopped'
  return rests(instance) && !mayStart ? 'failed' : undefined
}

/** What a watcher was told last. Its text form is the `id` of an event, so that a new stream goes on where one broke off. */
export interface Told {
  state: string
  qr: string
}

export function readTold(id: string | undefined): Told {
  const [, state = '', qr = ''] = /^([\w:.-]*)\/([\d:.TZ-]*)$/.exec(id ?? '') ?? []
  return { state, qr }
}

export function toldId({ state, qr }: Told): string {
  return `${state}/${qr}`
}

/** A state is known by when it began, a code by when it ends. */
export function stateKey({ state, state_changed_at: since }: Pick<InstanceView, 'state' | 'state_changed_at'>): string {
  return `${state}-${since}`
}

export function qrKey({ expires_at: until }: Pick<QrView, 'expires_at'>): string {
  return until
}
