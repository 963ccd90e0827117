import type { Accounts } from '#simulator/accounts/accounts.ts'
import type { Device, DeviceRef } from '#simulator/accounts/account.ts'
import type { PreKeyShelves } from '#simulator/accounts/pre-key-shelf.ts'
import type { FaultRules } from '#simulator/faults/fault-rules.ts'
import type { ServerIdentity } from '#simulator/noise/certificate-chain.ts'
import type { PreKeyBundle } from '#simulator/signal/session.ts'
import type { Store } from '#simulator/store/store.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import type { Connections } from './connections.ts'
import type { DeliveryQueue } from './delivery-queue.ts'
import type { Outgoing } from './outgoing.ts'
import type { PairingDesk } from './pairing-desk.ts'

/** The server's view of a phone: device 0 of an account, which lives in this process. */
export interface PhoneEndpoint {
  /** The account's identity key: it vouches for the linked devices. */
  readonly identityKey: Buffer
  /** Takes a stanza that is addressed to the phone; it needs no acknowledgement. */
  receive(stanza: BinaryNode): void
  /** What others need to begin a Signal session with the phone. */
  bundle(): PreKeyBundle
  /** Called when a linked device that has never been greeted comes online: sends the first history and keys. */
  greet(device: Device): void
  /** The account has a device less: its Signal sessions are of no use any more. */
  forgetDevice(ref: DeviceRef): void
}

/** Everything that the server's handlers share. Made once, by `startSimulator`. */
export interface World {
  log(line: string): void
  nowMs(): number
  store: Store
  identity: ServerIdentity
  accounts: Accounts
  preKeys: PreKeyShelves
  connections: Connections
  outgoing: Outgoing
  queue: DeliveryQueue
  faults: FaultRules
  pairing: PairingDesk
  /** By the account's number. */
  phones: Map<string, PhoneEndpoint>
}
