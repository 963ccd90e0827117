import { createHash } from 'node:crypto'
import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import type { InstanceId } from '#contracts/ids.ts'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import type { AddressLocks } from './address-locks.ts'
import type { SessionStore } from './session-store.ts'
import type { SignalAddress } from './signal-address.ts'
import { completeStanza, type Stanzas } from './stanzas.ts'

/** What the parts of the Signal repository work with. */
export interface RepositoryContext {
  instanceId: InstanceId
  store: SessionStore
  credentials: AuthenticationCreds
  /** Held from reading a session until its change is durable. */
  locks: AddressLocks
  stanzas: Stanzas
  /** By the LID where it is known, because one contact must have one session. May ask the server for the LID. */
  addressOf: (jid: string) => Promise<SignalAddress>
  phoneNumberJidOf: (lid: string) => Promise<string | null>
}

/** Makes a plaintext and says what has to be written for it. */
type Decrypt = () => Promise<{ plaintext: Uint8Array; writes: readonly KeyWrite[] }>

/** An empty message with its padding: what a ciphertext becomes whose plaintext is no longer kept. */
const emptyPlaintext = Buffer.of(1)

/**
 * Decrypts a ciphertext once in its life. The ratchet and the journaled plaintext become durable together, before this
 * resolves and so before Baileys sends the receipt; a ciphertext that comes again, because the receipt never left, is
 * answered from the journal without touching the ratchet.
 */
export async function decryptOnce(
  { store, credentials, locks, stanzas, phoneNumberJidOf }: RepositoryContext,
  { ciphertext, encType, lock }: { ciphertext: Uint8Array; encType: string; lock: string },
  decrypt: Decrypt,
): Promise<Uint8Array> {
  const stanza = await completeStanza(stanzas.of(ciphertext), encType, credentials.me ?? {}, phoneNumberJidOf)
  const ciphertextHash = createHash('sha256').update(ciphertext).digest()

  return locks.run([lock], async () => {
    const known = await store.findJournaled(ciphertextHash)
    if (known !== undefined) return known.length > 0 ? known : emptyPlaintext

    const { plaintext, writes } = await decrypt()
    const entry = { ciphertextHash, waMessageId: stanza.id ?? null, stanza, plaintext }
    await store.commit({ keys: writes, journal: [entry] })
    return plaintext
  })
}
