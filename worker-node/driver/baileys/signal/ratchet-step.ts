import { generateSignalPubKey, type SignalCreds } from '@whiskeysockets/baileys'
import { SessionRecord, type SignalStorage } from 'libsignal'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { dropSpentChains } from './drop-spent-chains.ts'
import { textToBytes } from './bytes-json.ts'
import type { SessionStore } from './session-store.ts'
import type { SignalAddress } from './signal-address.ts'

/** One operation on one session: libsignal's view of the store, which collects what is to be written and writes nothing. */
export interface RatchetStep {
  storage: SignalStorage
  writes: readonly KeyWrite[]
}

/**
 * libsignal reads and writes the session of `address` alone, whatever address it asks for: that is the point of making
 * these for each operation, instead of finding the right transaction through the asynchronous context.
 */
export function openRatchetStep(store: SessionStore, credentials: SignalCreds, address: SignalAddress): RatchetStep {
  const writes: KeyWrite[] = []
  const storage: SignalStorage = {
    async loadSession() {
      const stored = (await store.latest('session', [address])).get(address)
      return stored && SessionRecord.deserialize(stored)
    },
    async storeSession(_id, record) {
      const serialized = record.serialize()
      dropSpentChains(serialized)
      // libsignal writes all bytes of a record as base64.
      writes.push({ type: 'session', id: address, value: textToBytes(serialized) })
    },
    // As WhatsApp's own clients: a new identity key is accepted (the session keeps it as its remote identity).
    isTrustedIdentity: () => true,
    async loadPreKey(id) {
      const pair = (await store.latest('pre-key', [String(id)])).get(String(id))
      return pair && { privKey: Buffer.from(pair.private), pubKey: Buffer.from(pair.public) }
    },
    removePreKey(id) {
      writes.push({ type: 'pre-key', id: String(id), value: null })
    },
    loadSignedPreKey: () => {
      const pair = credentials.signedPreKey.keyPair
      return { privKey: Buffer.from(pair.private), pubKey: Buffer.from(pair.public) }
    },
    getOurRegistrationId: () => credentials.registrationId,
    getOurIdentity: () => {
      const pair = credentials.signedIdentityKey
      return { privKey: Buffer.from(pair.private), pubKey: Buffer.from(generateSignalPubKey(pair.public)) }
    },
  }
  return { storage, writes }
}
