import { isJidStatusBroadcast, jidNormalizedUser, normalizeMessageContent, proto } from '@whiskeysockets/baileys'
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
 * Chat and sender are E.164 where the stanza told the phone number, else WhatsApp's address; its `numbers` go along. Throws
 * UndecodablePlaintext, whatever the bytes are, and nothing else.
 */
export function decodePlaintext({
  stanza,
  plaintext,
}: Pick<JournalRow, 'stanza' | 'plaintext'>): ProjectedMessage | undefined {
  const { id, from } = stanza
  if (id === undefined || from === undefined) throw new UndecodablePlaintext('its stanza has no id or sender')
  if (isJidStatusBroadcast(from)) return undefined
  const numbers = numbersIn(stanza)
  const address = (jid: string) => numbers.get(jidNormalizedUser(jid)) ?? canonicalAddress(jid)
  if (stanza.undecryptable === 'true') {
    return { waMessageId: id, ...placeOf(stanza, from, address), content: null, numbers }
  }

  const message = parse(plaintext)
  // Only own devices wrap what they sent: from anybody else it would be a forged message of ours.
  const sent = stanza.self === 'true' ? message.deviceSentMessage : undefined
  const content = contentOf(sent?.message ?? message)
  if (content === undefined) return undefined
  return { waMessageId: id, ...placeOf(stanza, sent?.destinationJid ?? from, address), content, numbers }
}

type Stanza = JournalRow['stanza']

/** Chat and sender. `otherSide` is the chat of what an own device sent, where the stanza does not name the recipient. */
function placeOf(stanza: Stanza, otherSide: string, address: (jid: string) => string) {
  const { from = '', participant, recipient } = stanza
  if (stanza.self === 'true') return { chat: address(recipient ?? otherSide), sender: selfSender }
  if (participant !== undefined) return { chat: canonicalAddress(from), sender: address(participant) }
  return { chat: address(from), sender: address(from) }
}

/** Attributes that name a contact, and those that then name the same one by number, or by its anonymous address. */
const addressPairs = [
  { of: 'participant', numbers: ['participant_pn'], lids: ['participant_lid'] },
  { of: 'from', numbers: ['sender_pn'], lids: ['sender_lid'] },
  { of: 'recipient', numbers: ['recipient_pn', 'peer_recipient_pn'], lids: ['recipient_lid', 'peer_recipient_lid'] },
] as const

/**
 * The phone numbers (E.164) behind anonymous addresses that a stanza tells. WhatsApp's server writes these attributes, no
 * contact does. In groups `from` is the group, which has neither.
 */
function numbersIn(stanza: Stanza): Map<string, string> {
  const found = new Map<string, string>()
  for (const { of, numbers, lids } of addressPairs) {
    const named = stanza[of]
    if (named === undefined) continue
    const jids = [named, ...[...numbers, ...lids].flatMap((attribute) => stanza[attribute] ?? [])]
    const lid = jids.map((jid) => jidNormalizedUser(jid)).find((jid) => jid.endsWith('@lid'))
    const number = jids.map((jid) => canonicalAddress(jid)).find((address) => address.startsWith('+'))
    if (lid !== undefined && number !== undefined) found.set(lid, number)
  }
  return found
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
