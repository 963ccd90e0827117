import { sql, type SQL } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import type { ProjectedMessage, Projection } from '#core/ports/inbound.ts'
import { learnParts } from './learn-numbers.ts'
import { recordFacts } from './record-event.ts'
import { storableText } from './storable.ts'
import { samePlace, undecryptableView } from './undecryptable-sql.ts'
import type { WorkerDatabase } from './worker-database.ts'

type JournalKey = Projection['row']
type Place = Omit<ProjectedMessage, 'content'>

/**
 * Mark, numbers and event of a message that could not be decrypted, in one statement: it is told once, and not when another
 * copy of it is known.
 */
export async function projectUndecryptable(database: WorkerDatabase, row: JournalKey, place: Place): Promise<boolean> {
  const { rows } = await database.execute<{ inserted: boolean }>(sql`
    WITH ${placedParts(row, place)},
    told AS (
      INSERT INTO undecryptable_messages (instance_id, wa_message_id, chat, sender, message_id, failed_at)
      SELECT p.instance_id, p.wa_message_id, p.chat, p.sender, ${newId('message')}, p.received_at
      FROM placed p
      WHERE NOT EXISTS (SELECT FROM messages m WHERE ${samePlace('m')})
        AND NOT EXISTS (SELECT FROM undecryptable_messages u WHERE ${samePlace('u')})
      ON CONFLICT DO NOTHING
      RETURNING *
    ),
    facts AS (
      SELECT m.instance_id, 1::bigint AS position, 1::bigint AS total, ${newId('event')}::text AS event_id,
        'message.undecryptable'::text AS type, ${undecryptableView(sql`m.message_id`, false)} AS data,
        m.instance_id || '/' || m.chat AS lane
      FROM told m JOIN instances i ON i.id = m.instance_id
    ),
    ${recordFacts}
    SELECT EXISTS (SELECT FROM told) AS inserted`)
  return rows[0]?.inserted === true
}

/**
 * The CTE `placed`: nothing when the row is projected already, else one row that says where the message belongs, by all
 * that is known, and under which address it would stand without that.
 */
function placedParts(
  { instanceId, seq }: JournalKey,
  { waMessageId, chat, sender, numbers, numbersStored }: Place,
): SQL {
  const told = [...(numbers ?? [])]
  const lidOf = (address: string) => told.find(([, phoneNumber]) => phoneNumber === address)?.[0] ?? address
  const known = (address: string) => sql`coalesce(
        (SELECT phone_number FROM contact_numbers n WHERE n.instance_id = j.instance_id AND n.lid = ${address}),
        ${address})`
  const parts = sql`projected AS (
      UPDATE inbound_journal SET projected_at = clock_timestamp()
      WHERE instance_id = ${instanceId} AND seq = ${seq} AND projected_at IS NULL
      RETURNING instance_id, received_at
    ),
    placed AS (
      SELECT j.instance_id, j.received_at, ${storableText(waMessageId)} AS wa_message_id,
        ${known(storableText(chat))} AS chat, ${known(storableText(sender))} AS sender,
        ${storableText(lidOf(chat))} AS lid_chat, ${storableText(lidOf(sender))} AS lid_sender
      FROM projected j
    )`
  return told.length === 0 || numbersStored === true ? parts : sql`${parts}, ${learnParts(told)}`
}
