import { AsyncLocalStorage } from 'node:async_hooks'
import type { MessageId } from '#contracts/ids.ts'

interface OutboundSend {
  messageId: MessageId
  marked: boolean
}

const currentSend = new AsyncLocalStorage<OutboundSend>()

/**
 * Runs a send so that the first ciphertext made in it is committed together with `sending`. Baileys encrypts deep inside
 * its send, once per device and without telling for which message.
 */
export function sendingMessage<T>(messageId: MessageId, send: () => Promise<T>): Promise<T> {
  return currentSend.run({ messageId, marked: false }, send)
}

/** The message that the ciphertext made now belongs to, once per send; empty for later devices and for resends. */
export function takeMessageToMark(): MessageId[] {
  const send = currentSend.getStore()
  if (send === undefined || send.marked) return []
  send.marked = true
  return [send.messageId]
}
