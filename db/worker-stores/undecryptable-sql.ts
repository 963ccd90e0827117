import { sql, type SQL } from 'drizzle-orm'
import { selfSender } from '#core/ports/messages.ts'

/** Whether a row is about the message of `placed p`, under its number or its anonymous address. */
export function samePlace(alias: 'm' | 'u'): SQL {
  const of = (column: string) => sql.raw(`${alias}.${column}`)
  return sql`(${of('instance_id')} = p.instance_id AND ${of('wa_message_id')} = p.wa_message_id
        AND ${of('chat')} IN (p.chat, p.lid_chat) AND ${of('sender')} IN (p.sender, p.lid_sender))`
}

/** `data` of message.undecryptable over `m` (chat, sender, wa_message_id) and `instances i`. */
export function undecryptableView(messageId: SQL, resolved: boolean): SQL {
  return sql`jsonb_build_object('instance_id', m.instance_id, 'message_id', ${messageId},
        'from', CASE WHEN m.sender = ${selfSender} THEN i.phone_number ELSE m.sender END, 'chat', m.chat,
        'wa_message_id', m.wa_message_id, 'resolved', ${resolved}::boolean)`
}
