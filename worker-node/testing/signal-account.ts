import {
  initAuthCreds,
  type AuthenticationCreds,
  type BinaryNode,
  type SignalRepositoryWithLIDStore,
} from '@whiskeysockets/baileys'
import type { JournalRow } from '#core/ports/inbound.ts'
import type { SessionChange, SessionKeys } from '#core/ports/session-keys.ts'
import type { Passage } from '#worker-node/driver/baileys/messages/message-line.ts'
import { createSessionStore, type SessionStore } from '#worker-node/driver/baileys/signal/session-store.ts'
import { createSignalRepository } from '#worker-node/driver/baileys/signal/signal-repository.ts'
import { alone, createStanzas } from '#worker-node/driver/baileys/signal/stanzas.ts'
import { createMemorySessions } from './memory-sessions.ts'
import type { Envelope } from './signal-contact.ts'
import { slowKeys } from './slow-keys.ts'
import { silentBaileysLog } from './stock-repository.ts'

/** The contact whose messages `receive` brings. */
export const contactJid = '85123456789@lid'

/** An account with our Signal repository over keys in memory that answer like a database. */
export interface SignalAccount {
  repository: SignalRepositoryWithLIDStore
  store: SessionStore
  credentials: AuthenticationCreds
  /** Errors with which the store ended the session. */
  broken: unknown[]
  /** What became durable, in order. */
  commits: SessionChange[]
  journal: () => Pick<JournalRow, 'waMessageId' | 'plaintext' | 'stanza'>[]
  /** As if the process had ended: a new repository on what is stored. */
  afterCrash(): SignalAccount
  /** A ciphertext in a stanza, as it comes from the socket. */
  receive: (envelope: Envelope, id?: string, passage?: Passage) => Promise<Uint8Array>
  /** A group's ciphertext in this stanza. */
  receiveGroup: (
    stanza: Pick<BinaryNode, 'tag' | 'attrs'>,
    message: { group: string; authorJid: string; msg: Uint8Array },
  ) => Promise<Uint8Array>
}

export async function createSignalAccount(wrap: (keys: SessionKeys) => SessionKeys = slowKeys): Promise<SignalAccount> {
  const sessions = createMemorySessions()
  const session = await sessions.newSession()
  const credentials = initAuthCreds()

  const start = (): SignalAccount => {
    const commits: SessionChange[] = []
    const broken: unknown[] = []
    const recording: SessionKeys = {
      ...sessions.keys,
      async commit(fence, change) {
        const became = await sessions.keys.commit(fence, change)
        commits.push(change)
        return became
      },
    }
    const store = createSessionStore(wrap(recording), session.fence, {
      onJournaled: () => {},
      onBroken: (error) => broken.push(error),
    })
    const stanzas = createStanzas()
    const repository = createSignalRepository(
      { instanceId: session.instanceId, store, credentials, stanzas },
      silentBaileysLog,
      async () => [],
    )
    return {
      repository,
      store,
      credentials,
      broken,
      commits,
      journal: () => sessions.journal(session),
      afterCrash: start,
      receive: ({ type, ciphertext }, id = 'ID1', passage = alone) => {
        const content = [{ tag: 'enc', attrs: { type }, content: ciphertext }]
        stanzas.remember({ tag: 'message', attrs: { id, from: contactJid }, content }, passage)
        return repository.decryptMessage({ jid: contactJid, type, ciphertext })
      },
      receiveGroup: (stanza, message) => {
        const content = [{ tag: 'enc', attrs: { type: 'skmsg' }, content: message.msg }]
        stanzas.remember({ ...stanza, content }, alone)
        return repository.decryptGroupMessage(message)
      },
    }
  }
  return start()
}
