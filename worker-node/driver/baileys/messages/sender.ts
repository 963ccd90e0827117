import { proto, type AuthenticationCreds, type WASocket } from '@whiskeysockets/baileys'
import type { SendOutcome, SendRequest } from '#core/ports/driver.ts'
import { sendingMessage } from '#worker-node/driver/baileys/signal/outbound-context.ts'
import { createAcks } from './acks.ts'
import { messageOfContent } from './message-of-content.ts'
import { createWhatsAppLookup } from './on-whatsapp.ts'

export interface Sender {
  /** Never rejects. */
  send(request: SendRequest): Promise<SendOutcome>
}

export interface SenderOptions {
  socket: WASocket
  credentials: AuthenticationCreds
  ackTimeoutMs: number
  /** Aborted when the connection ends. */
  ended: AbortSignal
  /** A send that failed before WhatsApp could say anything. */
  onFailure: (error: unknown) => void
}

const unconfirmed: SendOutcome = { outcome: 'unconfirmed' }

/**
 * Sends over one connection. A message is `acked` by the server's ack alone, and the listener for it stands before the bytes
 * go out.
 */
export function createSender({ socket, credentials, ackTimeoutMs, ended, onFailure }: SenderOptions): Sender {
  const acks = createAcks(socket)
  const lookup = createWhatsAppLookup(socket)

  /** Undefined when it can never be encoded: to try again would hold up its chat until it expires. */
  function encodable({ waMessageId, content, quoted }: SendRequest): proto.IMessage | undefined {
    try {
      const message = messageOfContent(content, waMessageId, credentials, quoted)
      proto.Message.encode(message)
      return message
    } catch {
      return undefined
    }
  }

  async function relay(request: SendRequest): Promise<SendOutcome> {
    const { messageId, waMessageId, to } = request
    const message = encodable(request)
    if (message === undefined) return { outcome: 'invalid', detail: 'The content cannot be encoded.' }
    const jid = await lookup.find(to)
    if (jid === undefined) return { outcome: 'not-on-whatsapp' }

    const { ack, forget } = acks.expect(waMessageId)
    let timer: NodeJS.Timeout | undefined
    try {
      const relaying = () => socket.relayMessage(jid, message, { messageId: waMessageId })
      if ((await sendingMessage(messageId, relaying)) === 'withdrawn') return { outcome: 'withdrawn' }
      const timeout = new Promise<undefined>((resolve) => {
        timer = setTimeout(() => resolve(undefined), ackTimeoutMs)
      })
      const answer = await Promise.race([ack, timeout])
      if (answer === undefined) return unconfirmed
      return answer.error === undefined ? { outcome: 'acked' } : { outcome: 'refused', code: answer.error }
    } finally {
      clearTimeout(timer)
      forget()
    }
  }

  return {
    send(request) {
      if (!/^\+[1-9]\d{6,14}$/.test(request.to)) {
        return Promise.resolve({ outcome: 'invalid', detail: 'The recipient is not in E.164.' })
      }
      return new Promise((resolve) => {
        const giveUp = () => resolve(unconfirmed)
        ended.addEventListener('abort', giveUp, { once: true })
        void relay(request)
          .catch((error: unknown) => {
            onFailure(error)
            return unconfirmed
          })
          .then(resolve)
          .finally(() => ended.removeEventListener('abort', giveUp))
      })
    },
  }
}
