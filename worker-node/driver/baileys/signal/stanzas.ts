import { areJidsSameUser, jidNormalizedUser, type BinaryNode } from '@whiskeysockets/baileys'
import type { Passage } from '#worker-node/driver/baileys/messages/message-line.ts'
import { isLid } from './signal-address.ts'

/** What the journal keeps of the stanza around a ciphertext: its attributes and these of ours. */
export type JournaledStanza = Record<string, string> & {
  /** `pkmsg`, `msg` or `skmsg`. */
  enc_type?: string
  /** `true` when another device of the own account wrote it. */
  self?: 'true'
  /** `true` when it could not be decrypted: there is no plaintext. */
  undecryptable?: 'true'
}

/** The stanza that a ciphertext came in. */
export interface Surroundings {
  attrs: BinaryNode['attrs']
  passage: Passage
}

/**
 * Baileys decrypts without telling which stanza a ciphertext came in. They are kept here by the very bytes of the frame,
 * which is one object from the socket to the decryption, so that nothing has to be forgotten again.
 */
export interface Stanzas {
  /** To be called for every message stanza before Baileys sees it. */
  remember(message: BinaryNode, passage: Passage): void
  /** No attributes for bytes that came in no stanza: even then the plaintext is kept, and the projector tells. */
  of(ciphertext: Uint8Array): Surroundings
}

/** That of bytes that came in no stanza: nobody is before or behind them. */
export const alone: Passage = { letNextBegin: () => {}, turn: Promise.resolve() }

export function createStanzas(): Stanzas {
  const byCiphertext = new WeakMap<Uint8Array, Surroundings>()
  return {
    remember({ attrs, content }, passage) {
      if (!Array.isArray(content)) return
      for (const child of content) {
        if (child.tag === 'enc' && child.content instanceof Uint8Array)
          byCiphertext.set(child.content, { attrs, passage })
      }
    },
    of(ciphertext) {
      return byCiphertext.get(ciphertext) ?? { attrs: {}, passage: alone }
    },
  }
}

/**
 * Completes the attributes so that the journal can be read without the session: who of the two sides is the own account,
 * and the phone numbers behind LIDs where they are known.
 */
export async function completeStanza(
  attrs: BinaryNode['attrs'],
  encType: string,
  me: { id?: string | undefined; lid?: string | undefined },
  phoneNumberJidOf: (lid: string) => Promise<string | null>,
): Promise<JournaledStanza> {
  const stanza: JournaledStanza = { ...textsOf(attrs), enc_type: encType }
  const author = stanza.participant ?? stanza.from ?? ''
  const own = [me.id, me.lid].some((jid) => jid !== undefined && areJidsSameUser(author, jid))
  if (own) stanza.self = 'true'
  else await addNumber(stanza, author, stanza.participant === undefined ? 'sender_pn' : 'participant_pn')
  if (stanza.recipient !== undefined) await addNumber(stanza, stanza.recipient, 'recipient_pn')
  return stanza

  async function addNumber(to: JournaledStanza, jid: string, attribute: string): Promise<void> {
    if (!isLid(jid) || to[attribute] !== undefined) return
    const number = await phoneNumberJidOf(jid)
    if (number !== null) to[attribute] = jidNormalizedUser(number)
  }
}

function textsOf(attrs: BinaryNode['attrs']): Record<string, string> {
  return Object.fromEntries(Object.entries(attrs).filter(([, value]) => typeof value === 'string'))
}
