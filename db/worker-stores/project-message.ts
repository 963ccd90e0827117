import { sql, type SQL } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import type { JournalRow, ProjectedMessage } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import { messageView } from './message-view-sql.ts'
import { recordFacts } from './record-event.ts'
import { storableJson, storableText } from './storable.ts'
import type { WorkerDatabase } from './worker-database.ts'

type JournalKey = Pick<JournalRow, 'instanceId' | 'seq'>
type Place = Omit<ProjectedMessage, 'content'>

/**
 * Mark, numbers, message, events and deliveries in one statement. A row that was projected already does nothing. The
 * message that is looked for may still stand under the anonymous address: the statement does not see what it moves itself.
 */
export async function projectMessage(
  database: WorkerDatabase,
  row: JournalKey,
  { content, ...place }: ProjectedMessage & { content: NonNullable<ProjectedMessage['content']> },
): Promise<boolean> {
  // What another device of the own account wrote was sent from here, as customers see it.
  const own = place.sender === selfSender
  const { rows } = await database.execute<{ inserted: boolean }>(sql`
    WITH ${placedParts(row, place)},
    resolved AS (
      UPDATE undecryptable_messages u SET resolved_at = clock_timestamp()
      FROM placed p
      WHERE ${samePlace('u')} AND u.resolved_at IS NULL
      RETURNING u.message_id
    ),
    changed AS (
      INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content, status,
        created_at, sent_at)
      SELECT coalesce((SELECT min(message_id) FROM resolved), ${newId('message')}), i.customer_id, i.id,
        ${own ? 'outbound' : 'inbound'}, p.chat, p.sender, p.wa_message_id, ${content.type},
        ${storableJson(content)}::jsonb, ${own ? 'sent' : 'received'}, p.received_at,
        CASE WHEN ${own} THEN p.received_at END
      FROM placed p
      JOIN instances i ON i.id = p.instance_id
      WHERE NOT EXISTS (SELECT FROM messages m WHERE ${samePlace('m')})
      ON CONFLICT (instance_id, wa_message_id, chat, sender) DO NOTHING
      RETURNING *
    ),
    ${factsOf(sql`
      SELECT m.instance_id, 1 AS position, ${own ? 'message.sent' : 'message.received'} AS type, ${messageView} AS data,
        m.chat
      FROM changed m JOIN instances i ON i.id = m.instance_id
      UNION ALL
      SELECT m.instance_id, 2, 'message.undecryptable', ${undecryptableView(sql`m.id`, true)}, m.chat
      FROM changed m JOIN instances i ON i.id = m.instance_id
      WHERE EXISTS (SELECT FROM resolved)`)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM changed) AS inserted`)
  return rows[0]?.inserted === true
}

/** The same for a message that could not be decrypted: it is told once, and not when another copy of it is known. */
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
    ${factsOf(sql`
      SELECT m.instance_id, 1 AS position, 'message.undecryptable' AS type,
        ${undecryptableView(sql`m.message_id`, false)} AS data, m.chat
      FROM told m JOIN instances i ON i.id = m.instance_id`)},
    ${recordFacts}
    SELECT EXISTS (SELECT FROM told) AS inserted`)
  return rows[0]?.inserted === true
}

/**
 * The CTE `placed`: nothing when the row is projected already, else one row that says where the message belongs, by all
 * that is known, and under which address it would stand without that. What it learns moves older messages along, except
 * where one of the same id stands under the number too: both were told, and both stay.
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

/** What the stanza tells goes into contact_numbers; what stands under an address that is new there moves to its number. */
function learnParts(told: readonly (readonly [lid: string, phoneNumber: string])[]): SQL {
  const lids = sql`${sql.param(told.map(([lid]) => storableText(lid)))}::text[]`
  const phoneNumbers = sql`${sql.param(told.map(([, phoneNumber]) => storableText(phoneNumber)))}::text[]`
  return sql`learned AS (
      INSERT INTO contact_numbers AS n (instance_id, lid, phone_number)
      SELECT j.instance_id, k.lid, k.phone_number
      FROM projected j, unnest(${lids}, ${phoneNumbers}) AS k (lid, phone_number)
      WHERE NOT EXISTS (
        SELECT FROM contact_numbers n
        WHERE n.instance_id = j.instance_id AND n.lid = k.lid AND n.phone_number = k.phone_number)
      ON CONFLICT (instance_id, lid) DO UPDATE SET phone_number = excluded.phone_number, learned_at = clock_timestamp()
      RETURNING instance_id, lid, phone_number
    ),
    stale AS (
      SELECT m.id, l.lid, l.phone_number FROM learned l
      JOIN messages m ON m.instance_id = l.instance_id AND m.chat = l.lid AND m.chat LIKE '%@lid'
      UNION
      SELECT m.id, l.lid, l.phone_number FROM learned l
      JOIN messages m ON m.instance_id = l.instance_id AND m.sender = l.lid AND m.sender LIKE '%@lid'
    ),
    moved AS (
      UPDATE messages m
      SET chat = ${underNumber('m.chat')}, sender = ${underNumber('m.sender')}
      FROM stale s
      WHERE m.id = s.id AND NOT EXISTS (
        SELECT FROM messages o
        WHERE o.instance_id = m.instance_id AND o.wa_message_id = m.wa_message_id
          AND o.chat = ${underNumber('m.chat')} AND o.sender = ${underNumber('m.sender')})
    )`
}

function underNumber(column: 'm.chat' | 'm.sender'): SQL {
  return sql`CASE WHEN ${sql.raw(column)} = s.lid THEN s.phone_number ELSE ${sql.raw(column)} END`
}

/** Whether a row is about the message of `placed p`, under its number or its anonymous address. */
function samePlace(alias: 'm' | 'u'): SQL {
  const of = (column: string) => sql.raw(`${alias}.${column}`)
  return sql`(${of('instance_id')} = p.instance_id AND ${of('wa_message_id')} = p.wa_message_id
        AND ${of('chat')} IN (p.chat, p.lid_chat) AND ${of('sender')} IN (p.sender, p.lid_sender))`
}

/** `data` of message.undecryptable over `m` (chat, sender, wa_message_id) and `instances i`. */
function undecryptableView(messageId: SQL, resolved: boolean): SQL {
  return sql`jsonb_build_object('instance_id', m.instance_id, 'message_id', ${messageId},
        'from', CASE WHEN m.sender = ${selfSender} THEN i.phone_number ELSE m.sender END, 'chat', m.chat,
        'wa_message_id', m.wa_message_id, 'resolved', ${resolved}::boolean)`
}

/** The CTE `facts` from at most two facts of one instance. Ids in order, because feeds are read by them. */
function factsOf(told: SQL): SQL {
  const eventIds = [newId('event'), newId('event')].toSorted()
  return sql`facts AS (
      SELECT t.instance_id, t.position, count(*) OVER () AS total, (${sql.param(eventIds)}::text[])[t.position] AS event_id,
        t.type, t.data, t.instance_id || '/' || t.chat AS lane
      FROM (${told}) t
    )`
}
