import { createHash } from 'node:crypto'
import type { AuthenticationCreds } from '@whiskeysockets/baileys'
import type { InstanceId } from '#contracts/ids.ts'
import type { JournalEntry, KeyWrite } from '#core/ports/session-keys.ts'
import type { AddressLocks } from './address-locks.ts'
import type { SessionStore } from './session-store.ts'
import type { SignalAddress } from './signal-address.ts'
import { changesWhatFollows } from './changes-what-follows.ts'
import { completeStanza, type JournaledStanza, type Stanzas } from './stanzas.ts'

/** What the parts of the Signal repository work with. */
export interface RepositoryContext {
  instanceId: InstanceId
  store: SessionStore
  credentials: AuthenticationCreds
  /** Held from reading a session until its change is in the store's queue; what it gives out waits until that is durable. */
  locks: AddressLocks
  stanzas: Stanzas
  /** By the LID where it is known, because one contact must have one session. May ask the server for the LID. */
  addressOf: (jid: string) => Promise<SignalAddress>
  phoneNumberJidOf: (lid: string) => Promise<string | null>
}

/**
 * What the journal keeps of a message that could not be decrypted. Its hash is one of the message, not of the ciphertext:
 * further copies that fail add nothing, and a ciphertext that can be read later is no journaled one. Undefined for what
 * belongs to no chat.
 */
function undecryptableEntry(stanza: JournaledStanza): JournalEntry | undefined {
  const { id, from, participant = '', category } = stanza
  if (id === undefined || from === undefined || category === 'peer') return undefined
  const ciphertextHash = createHash('sha256')
    .update(JSON.stringify(['undecryptable', id, from, participant]))
    .digest()
  return {
    ciphertextHash,
    waMessageId: id,
    stanza: { ...stanza, undecryptable: 'true' },
    plaintext: new Uint8Array(),
  }
}

/** Makes a plaintext and says what has to be written for it. */
type Decrypt = () => Promise<{ plaintext: Uint8Array; writes: readonly KeyWrite[] }>

/** An empty message with its padding: what a ciphertext becomes whose plaintext is no longer kept. */
const emptyPlaintext = Buffer.of(1)

/**
 * Decrypts a ciphertext once in its life. The ratchet and the journaled plaintext become durable together, before this
 * resolves and so before Baileys sends the receipt; a ciphertext that comes again, because the receipt never left, is
 * answered from the journal, and the ratchet stays where it was. While the commit is on its way the next stanza is
 * decrypted; whatever becomes of this one is told when those before it have been answered.
 */
export async function decryptOnce(
  { store, credentials, locks, stanzas, phoneNumberJidOf }: RepositoryContext,
  { ciphertext, encType, lock }: { ciphertext: Uint8Array; encType: string; lock: string },
  decrypt: Decrypt,
): Promise<Uint8Array> {
  const { attrs, passage } = stanzas.of(ciphertext)
  const stanza = await completeStanza(attrs, encType, credentials.me ?? {}, phoneNumberJidOf)
  const ciphertextHash = createHash('sha256').update(ciphertext).digest()

  async function journaled(): Promise<Uint8Array | undefined> {
    const known = await store.findJournaled(ciphertextHash)
    return known?.length === 0 ? emptyPlaintext : known
  }

  async function decryptNow(): Promise<{ plaintext: Uint8Array; durable?: Promise<unknown> }> {
    // It could make its session once more. Anything else that comes again cannot be decrypted: its key is used up.
    const before = encType === 'pkmsg' ? await journaled() : undefined
    if (before !== undefined) return { plaintext: before }

    let step: Awaited<ReturnType<Decrypt>>
    try {
      step = await decrypt()
    } catch (error) {
      const known = encType === 'pkmsg' ? undefined : await journaled()
      if (known !== undefined) return { plaintext: known }
      const failure = undecryptableEntry(stanza)
      // Durable before Baileys asks the sender for it again, under the fence like what can be read.
      if (failure !== undefined) await store.commit({ journal: [failure] })
      throw error
    }
    const entry = { ciphertextHash, waMessageId: stanza.id ?? null, stanza, plaintext: step.plaintext }
    return { plaintext: step.plaintext, durable: store.commit({ keys: step.writes, journal: [entry] }) }
  }

  try {
    const { plaintext, durable } = await locks.run([lock], decryptNow)
    if (!changesWhatFollows(plaintext)) void store.room().then(passage.letNextBegin)
    await durable
    return plaintext
  } finally {
    await passage.turn
  }
}
