import { z } from 'zod'

/** What the customer wants an instance to be; the worker works towards it. */
export const desiredStatuses = ['running', 'stopped'] as const
export type DesiredStatus = (typeof desiredStatuses)[number]

/**
 * Where an instance is. `created > starting > pairing > connecting > connected`; `disconnected` reconnects by itself;
 * `stopped`, `logged_out`, `banned` and `failed` stay until somebody acts.
 */
export const instanceStates = [
  'created',
  'starting',
  'pairing',
  'connecting',
  'connected',
  'disconnected',
  'stopped',
  'logged_out',
  'banned',
  'failed',
] as const
export type InstanceState = (typeof instanceStates)[number]
export const instanceStateSchema = z.enum(instanceStates).meta({
  id: 'InstanceState',
  description:
    'created, starting, pairing, connecting, connected; disconnected reconnects by itself; the others stay until somebody acts.',
})

/** Why an instance is in its state: a stable code for programs and one sentence for people. */
export const stateReasons = {
  'no-capacity': 'No server has room for this instance; it starts by itself when one has.',
  'wa-connection-lost': 'The connection to WhatsApp was lost; it reconnects by itself.',
  'wa-unavailable': 'WhatsApp refused the connection for now; it reconnects by itself.',
  'wa-restart-required': 'WhatsApp asked for a new connection; it reconnects by itself.',
  'wa-logged-out': 'The phone removed this device, or it was logged out. Pair it again.',
  'wa-stream-replaced': 'The same credentials connected elsewhere. It tries once more after a minute.',
  'wa-temporary-ban': 'WhatsApp banned this number for a time. It reconnects when the ban is over.',
  'wa-client-outdated': 'WhatsApp no longer accepts this client version. The service needs an update.',
  'wa-repair-required': 'WhatsApp wants this device to be paired again.',
  'qr-expired': 'Nobody scanned the QR code in time. Start the instance again for a new one.',
  'pairing-failed': 'The phone could not link this device. Start the instance again for a new code.',
  'passkey-required': 'The phone wants a passkey for linking, which this service cannot show yet.',
  'credentials-corrupt': 'The stored credentials of this instance cannot be read. Log it out and pair it again.',
  'worker-lost': 'The server of this instance does not answer; another one takes over.',
  moved: 'The instance is moving to another server.',
  'stopped-by-customer': 'The instance was stopped on request.',
  'internal-error': 'Something went wrong on our side; it is tried again.',
} as const
export type StateReason = keyof typeof stateReasons
export const stateReasonSchema = z
  .enum(Object.keys(stateReasons) as [StateReason, ...StateReason[]])
  .meta({ id: 'StateReason' })
