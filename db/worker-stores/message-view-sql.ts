import { sql, type SQL } from 'drizzle-orm'
import type { MessageView } from '#contracts/http/message-view.ts'
import { messageFailures } from '#contracts/message-status.ts'
import { selfSender } from '#core/ports/messages.ts'

const fromSelf = sql`m.sender = ${selfSender}`

/** One expression per field, so that the compiler misses here what is new there. */
const fields = {
  id: sql`m.id`,
  instance_id: sql`m.instance_id`,
  direction: sql`m.direction`,
  from: sql`CASE WHEN ${fromSelf} THEN i.phone_number ELSE m.sender END`,
  to: sql`CASE WHEN ${fromSelf} THEN m.chat ELSE i.phone_number END`,
  chat: sql`m.chat`,
  status: sql`m.status`,
  error: sql`CASE WHEN m.failure IS NOT NULL THEN
    jsonb_build_object('code', m.failure, 'message', ${JSON.stringify(messageFailures)}::jsonb ->> m.failure) END`,
  wa_message_id: sql`m.wa_message_id`,
  context: sql`CASE WHEN m.context_message_id IS NOT NULL THEN
    jsonb_build_object('message_id', m.context_message_id) END`,
  created_at: isoTime(sql`m.created_at`),
  sent_at: isoTime(sql`m.sent_at`),
  delivered_at: isoTime(sql`m.delivered_at`),
  read_at: isoTime(sql`m.read_at`),
  expires_at: isoTime(sql`m.expires_at`),
} satisfies Record<Exclude<keyof MessageView, 'type'>, SQL>

/**
 * core/rules/present-message.ts as an expression over `messages m` and its `instances i`: an event shows the row as the
 * same statement left it, with the database's times, without a round trip in between. A test holds the two together.
 */
export const messageView: SQL = sql`jsonb_build_object(${sql.join(
  Object.entries(fields).flatMap(([name, value]) => [sql.raw(`'${name}'`), value]),
  sql`, `,
)}) || m.content`

/** A time as JSON shows it. */
export function isoTime(moment: SQL): SQL {
  return sql`to_char(${moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}
