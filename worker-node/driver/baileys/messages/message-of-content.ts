import { createHmac } from 'node:crypto'
import type { AuthenticationCreds, proto } from '@whiskeysockets/baileys'
import type { OutboundContent } from '#contracts/message-content.ts'
import type { SendRequest } from '#core/ports/driver.ts'
import { selfSender } from '#core/ports/messages.ts'
import { jidOfNumber } from './phone-number.ts'

/**
 * What goes on the wire for a content. The same for every attempt, on whichever worker: the message secret, which WhatsApp
 * wants to be unguessable, is derived from the session's own secret instead of drawn.
 */
export function messageOfContent(
  { text }: OutboundContent,
  waMessageId: string,
  credentials: Pick<AuthenticationCreds, 'advSecretKey' | 'me'>,
  quoted?: SendRequest['quoted'],
): proto.IMessage {
  const messageSecret = createHmac('sha256', Buffer.from(credentials.advSecretKey, 'base64'))
    .update(`message secret of ${waMessageId}`)
    .digest()
  return {
    extendedTextMessage: {
      text: text.body,
      ...(quoted !== undefined ? { contextInfo: contextOf(quoted, credentials.me?.id ?? '') } : {}),
    },
    messageContextInfo: { messageSecret },
  }
}

function contextOf(quoted: NonNullable<SendRequest['quoted']>, ownJid: string): proto.IContextInfo {
  return {
    stanzaId: quoted.waMessageId,
    participant: jidOfSender(quoted.sender, ownJid),
    quotedMessage: { conversation: quoted.body },
  }
}

function jidOfSender(sender: string, ownJid: string): string {
  if (sender === selfSender) return ownJid.replace(/:\d+@/, '@')
  return sender.startsWith('+') ? jidOfNumber(sender) : sender
}
