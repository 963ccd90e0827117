import { AsyncLocalStorage } from 'node:async_hooks'
import type { MessageId } from '#contracts/ids.ts'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import type { SessionStore } from './session-store.ts'

interface OutboundSend {
  messageId: MessageId
  /** Whether the message may leave: what the commit of its first ciphertext answers. */
  mayLeave: Promise<boolean> | undefined
}

const currentSend = new AsyncLocalStorage<OutboundSend>()

class Withdrawn extends Error {}

/**
 * Runs a send so that the first ciphertext made in it is committed together with `sending`. Baileys encrypts deep inside
 * its send, once per device and without telling for which message. `withdrawn`: the message had ended by then, no
 * ciphertext was given out, and Baileys gave up.
 */
export async function sendingMessage(
  messageId: MessageId,
  send: () => Promise<unknown>,
): Promise<'handed-over' | 'withdrawn'> {
  const current: OutboundSend = { messageId, mayLeave: undefined }
  try {
    await currentSend.run(current, send)
  } catch (error) {
    // Baileys reports "All encryptions failed" in place of the reason.
    if ((await current.mayLeave) !== false) throw error
  }
  return (await current.mayLeave) === false ? 'withdrawn' : 'handed-over'
}

/**
 * Makes an encryption's step durable. Within a send it throws unless the message may leave, for every device alike, so
 * that no ciphertext of a message that was cancelled gets to the wire.
 */
export async function commitEncryption(store: SessionStore, keys: readonly KeyWrite[]): Promise<void> {
  const send = currentSend.getStore()
  if (send === undefined || send.mayLeave !== undefined) {
    await store.commit({ keys })
  } else {
    const { messageId } = send
    send.mayLeave = store.commit({ keys, sending: [messageId] }).then((became) => became.includes(messageId))
  }
  if ((await send?.mayLeave) === false) throw new Withdrawn('The message was withdrawn before it left.')
}

/** True in what Baileys does for a send, until it has handed it over. */
export function isWithinSend(): boolean {
  return currentSend.getStore() !== undefined
}
