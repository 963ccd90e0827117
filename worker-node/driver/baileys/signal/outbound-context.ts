import { AsyncLocalStorage } from 'node:async_hooks'
import type { MessageId } from '#contracts/ids.ts'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import type { AddressLocks } from './address-locks.ts'
import type { SessionStore } from './session-store.ts'

interface OutboundSend {
  messageId: MessageId
  /** What its encryptions that run now share. */
  turn: Turn | undefined
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
  const current: OutboundSend = { messageId, turn: undefined, mayLeave: undefined }
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

interface Turn {
  begun: Promise<void>
  running: number
  end: () => void
}

/** No address looks like this. */
const turnOfSends = 'turn of sends'

/**
 * Runs an encryption of a send, in the turn that all encryptions of the send have together: so its ratchet steps, at the
 * contact's devices and at the own ones, become durable in one statement. Every send has a step at the own phone and would wait
 * there for the one before it anyway; waiting here, it does not commit its first step meanwhile, in a statement more.
 */
export async function inTurnOfSend<T>(locks: AddressLocks, encrypt: () => Promise<T>): Promise<T> {
  const send = currentSend.getStore()
  if (send === undefined) return encrypt()
  const turn = (send.turn ??= openTurn(locks))
  turn.running++
  try {
    await turn.begun
    return await encrypt()
  } finally {
    if (--turn.running === 0) {
      send.turn = undefined
      turn.end()
    }
  }
}

function openTurn(locks: AddressLocks): Turn {
  let end = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const begun = new Promise<void>((begin) => {
    void locks.run([turnOfSends], () => {
      begin()
      return ended
    })
  })
  return { begun, running: 0, end }
}

/** True in what Baileys does for a send, until it has handed it over. */
export function isWithinSend(): boolean {
  return currentSend.getStore() !== undefined
}
