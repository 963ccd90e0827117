import type { BinaryNode, WASocket } from '@whiskeysockets/baileys'
import type { StanzaHandler } from '#worker-node/driver/baileys/replace-listener.ts'
import type { Stanzas } from '#worker-node/driver/baileys/signal/stanzas.ts'
import { createMessageLine } from './message-line.ts'

/** Calls the handler for one value after it has finished with the one before, however that ended. */
export function oneAfterTheOther<T>(handle: (value: T) => unknown): (value: T) => Promise<unknown> {
  let last: Promise<unknown> = Promise.resolve()
  return (value) => {
    const handled = last.then(() => handle(value))
    last = handled.catch(() => {})
    return handled
  }
}

/**
 * Hands message stanzas to Baileys in their order: they are decrypted one after the other, and answered one after the
 * other, but the next is decrypted while the commit of the one before is on its way (`repository-context.ts`). By itself
 * Baileys keeps what waited on the server in a queue of its own, beside which new messages go straight ahead, and reads the
 * store before it takes its lock: either way a later message of a chat can be decrypted, and so journaled, before an
 * earlier one. The attribute `offline`, which leads to that queue, is taken away; nothing here depends on it.
 */
export function messagesInOrder(
  { ws, messageMutex }: Pick<WASocket, 'ws' | 'messageMutex'>,
  stanzas: Stanzas,
  baileys: StanzaHandler,
): StanzaHandler {
  const line = createMessageLine()
  // Baileys holds it from the decryption to the end of a message; the order is kept here.
  if (typeof messageMutex?.mutex !== 'function') throw new Error('Baileys no longer has a mutex for messages.')
  messageMutex.mutex = (work) => Promise.resolve(work())

  return (stanza) =>
    line.enter(hasOneCiphertext(stanza), (passage) => {
      stanzas.remember(stanza, passage)
      const { offline: _queued, ...attrs } = stanza.attrs
      return ws.isOpen ? baileys({ ...stanza, attrs }) : undefined
    })
}

/** Not what makes a session: nothing is decrypted beside that. */
const encTypes = new Set(['msg', 'skmsg'])

/** True for what is sure to pass the Signal repository exactly once, unless Baileys refuses it before. */
function hasOneCiphertext({ content }: BinaryNode): boolean {
  if (!Array.isArray(content)) return false
  const read = content.filter(({ tag }) => tag === 'enc' || tag === 'plaintext')
  const [only] = read
  return (
    read.length === 1 &&
    only?.tag === 'enc' &&
    encTypes.has(only.attrs.type ?? '') &&
    only.content instanceof Uint8Array
  )
}
