import type { Addressing } from '#simulator/wire/jid.ts'
import { jidOf } from '#simulator/wire/jid.ts'

/** A WhatsApp account: a number with a phone and any number of linked devices. */
export interface Account {
  /** Digits of the phone number, without `+`. */
  readonly number: string
  /** User part of the account's LID. */
  readonly lid: string
  name: string
  /** Raw id in the identities of its devices, and the key index of the next one. */
  readonly rawId: number
  nextDeviceId: number
  readonly devices: Map<number, Device>
}

/** A linked device (companion) as the server and the account's phone know it. Keys are base64. */
export interface Device {
  readonly account: Account
  readonly id: number
  readonly keyIndex: number
  readonly platform: string
  readonly linkedAtMs: number
  /** What the companion proves to have at log-in. */
  readonly noisePublicKey: string
  readonly identityKey: string
  registrationId: number
  signedPreKey: { id: number; publicKey: string; signature: string }
  /** Whether the phone has sent it the first history and the app state key. */
  greeted: boolean
}

/** One device of an account by its number; 0 is the phone. */
export interface DeviceRef {
  account: Account
  deviceId: number
}

export function accountJid(account: Account, addressing: Addressing, deviceId = 0): string {
  return jidOf(addressing === 'pn' ? account.number : account.lid, addressing, deviceId)
}

/** The phone and the linked devices. */
export function devicesOf(account: Account): DeviceRef[] {
  return [0, ...account.devices.keys()].map((deviceId) => ({ account, deviceId }))
}

/** The key of a device in stores and maps. */
export function deviceKey(ref: DeviceRef): string {
  return `${ref.account.number}:${ref.deviceId}`
}
