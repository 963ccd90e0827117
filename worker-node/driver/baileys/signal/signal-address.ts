import { isLidUser, jidDecode, WAJIDDomains } from '@whiskeysockets/baileys'
import { ProtocolAddress } from 'libsignal'
import type { InstanceId } from '#contracts/ids.ts'

/** Where a session with one device is stored: `5511999990002.0`, or `85123_1.2` for device 2 of a LID. */
export type SignalAddress = string

/** Throws on what is not the jid of a user. */
export function signalAddressOf(jid: string): SignalAddress {
  const { user, device = 0, domainType = WAJIDDomains.WHATSAPP } = jidDecode(jid) ?? {}
  if (!user) throw new Error('Not the address of a user.')
  const name = domainType === WAJIDDomains.WHATSAPP ? user : `${user}_${domainType}`
  return `${name}.${device}`
}

/** True when sessions of this jid may have to be looked for under another one. */
export function isPhoneNumberJid(jid: string): boolean {
  return jid.endsWith('@s.whatsapp.net') || jid.endsWith('@hosted')
}

export function isLid(jid: string): boolean {
  return isLidUser(jid) === true || jid.endsWith('@hosted.lid')
}

/**
 * libsignal keeps one queue per address for the whole process, so that two accounts with one contact would wait for each
 * other and run in each other's asynchronous context. With the instance in its name an address is an account's own.
 */
export class AccountAddress extends ProtocolAddress {
  readonly #instanceId: InstanceId

  constructor(instanceId: InstanceId, address: SignalAddress) {
    const separator = address.lastIndexOf('.')
    super(address.slice(0, separator), Number(address.slice(separator + 1)))
    this.#instanceId = instanceId
  }

  override toString(): string {
    return `${this.#instanceId}/${super.toString()}`
  }
}
