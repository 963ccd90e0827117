import { isJidStatusBroadcast, normalizeMessageContent, proto } from '@whiskeysockets/baileys'
import type { InboundContent } from '#contracts/message-content.ts'
import type { JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import { canonicalAddress } from './messages/phone-number.ts'

/** A journaled plaintext that is not a message of WhatsApp's. Its bytes stay in the journal. */
export class UndecodablePlaintext extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`A journaled plaintext cannot be decoded: ${why}.`, options)
    this.name = 'UndecodablePlaintext'
  }
}

/** Fields of a message that are machinery: they come alone or beside something to show. */
const machinery = new Set(['messageContextInfo', 'senderKeyDistributionMessage', 'protocolMessage'])

/**
 * What a journaled plaintext shows in a chat; undefined when it shows nothing (keys, synchronisation, edits, a status post).
 * Chat and sender are E.164 where the stanza told the phone number, else WhatsApp's address; `phoneNumberJidOf` may know
 * more. Throws UndecodablePlaintext, whatever the bytes are, and nothing else.
 */
export function decodePlaintext(
  { stanza, plaintext }: Pick<JournalRow, 'stanza' | 'plaintext'>,
  phoneNumberJidOf: (lid: string) => string | undefined = () => undefined,
): ProjectedMessage | undefined {
  const { id, from } = stanza
  if (id === undefined || from === undefined) throw new UndecodablePlaintext('its stanza has no id or sender')
  const message = parse(plaintext)
  // Only own devices wrap what they sent: from anybody else it would be a forged message of ours.
  const sent = stanza.self === 'true' ? message.deviceSentMessage : undefined
  const content = contentOf(sent?.message ?? message)
  if (content === undefined || isJidStatusBroadcast(from)) return undefined

  const address = (jid: string, phoneNumberJid: string | undefined) =>
    canonicalAddress(phoneNumberJid ?? phoneNumberJidOf(jid) ?? jid)
  if (stanza.self === 'true') {
    const recipient = stanza.recipient ?? sent?.destinationJid ?? from
    return { waMessageId: id, chat: address(recipient, stanza.recipient_pn), sender: selfSender, content }
  }
  if (stanza.participant !== undefined) {
    const sender = address(stanza.participant, stanza.participant_pn)
    return { waMessageId: id, chat: canonicalAddress(from), sender, content }
  }
  const contact = address(from, stanza.sender_pn)
  return { waMessageId: id, chat: contact, sender: contact, content }
}

function parse(plaintext: Uint8Array): proto.IMessage {
  const padding = plaintext.at(-1)
  // Past its retention only the hash of a ciphertext is kept.
  if (padding === undefined) return {}
  if (padding < 1 || padding > plaintext.length) throw new UndecodablePlaintext('its padding is wrong')
  try {
    return proto.Message.decode(plaintext.subarray(0, plaintext.length - padding))
  } catch (cause) {
    throw new UndecodablePlaintext('it is no protocol buffer', { cause })
  }
}

/** Undefined for what shows nothing. Disappearing, view-once and captioned messages are what they wrap. */
function contentOf(message: proto.IMessage): InboundContent | undefined {
  const { conversation, extendedTextMessage, ...other } = normalizeMessageContent(message) ?? {}
  const body = conversation || extendedTextMessage?.text
  if (body) return { type: 'text', text: { body } }
  // `...` takes own fields alone: those that were in the bytes.
  const kind = Object.keys(other).find((field) => !machinery.has(field))
  return kind === undefined ? undefined : { type: 'unsupported', unsupported: { kind } }
}
