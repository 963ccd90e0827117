import type { WASocket } from '@whiskeysockets/baileys'
import type { StanzaHandler } from '#worker-node/driver/baileys/replace-listener.ts'

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
 * Hands message stanzas to Baileys one after the other. By itself it keeps what waited on the server in a queue of its own,
 * beside which new messages go straight ahead, and reads the store before it takes its lock: either way a later message of a
 * chat can be decrypted, and so journaled, before an earlier one. The attribute `offline`, which leads to that queue, is
 * taken away; nothing here depends on it.
 */
export function messagesInOrder({ ws }: Pick<WASocket, 'ws'>, baileys: StanzaHandler): StanzaHandler {
  return oneAfterTheOther((stanza) => {
    const { offline: _queued, ...attrs } = stanza.attrs
    return ws.isOpen ? baileys({ ...stanza, attrs }) : undefined
  })
}
