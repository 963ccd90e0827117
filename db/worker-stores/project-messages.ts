import { sql, type SQL } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import type { ProjectedMessage, Projection } from '#core/ports/inbound.ts'
import { selfSender } from '#core/ports/messages.ts'
import { learnParts } from './learn-numbers.ts'
import { messageView } from './message-view-sql.ts'
import { recordFacts } from './record-event.ts'
import { storableJson, storableText } from './storable.ts'
import { samePlace, undecryptableView } from './undecryptable-sql.ts'
import type { WorkerDatabase } from './worker-database.ts'

type Content = NonNullable<ProjectedMessage['content']>

/** A row that holds a message which could be decrypted, or nothing to show. */
export interface ReadableProjection extends Projection {
  message: (ProjectedMessage & { content: Content }) | undefined
}

/** Whether the message tells numbers that are not stored yet. Such a row stands in a statement alone. */
export function teaches({ message }: Projection): boolean {
  return message?.numbersStored !== true && (message?.numbers?.size ?? 0) > 0
}

/**
 * Marks, messages, events and deliveries of journal rows in one statement, in the order given. A row that was projected
 * already does nothing; of several with the same message the first shows it. Tells of each whether its message was new. A
 * message that is looked for may still stand under the anonymous address: the statement does not see what it moves itself.
 */
export async function projectMessages(
  database: WorkerDatabase,
  projections: readonly ReadableProjection[],
): Promise<boolean[]> {
  const learned = projections.length === 1 && projections.some(teaches) ? projections[0]?.message?.numbers : undefined
  // What another device of the own account wrote was sent from here, as customers see it.
  const own = (alias: 'p' | 'm') => sql`${sql.raw(alias)}.sender = ${selfSender}`
  const { rows } = await database.execute<{ position: string }>(sql`
    WITH ${askedPart(projections)},
    waiting AS MATERIALIZED (
      SELECT a.position, j.instance_id, j.ciphertext_hash
      FROM asked a
      JOIN inbound_journal j ON j.instance_id = a.instance_id AND j.seq = a.seq
      WHERE j.projected_at IS NULL
      ORDER BY j.instance_id, j.seq
      FOR NO KEY UPDATE OF j
    ),
    projected AS (
      UPDATE inbound_journal j SET projected_at = clock_timestamp()
      FROM waiting w
      WHERE j.instance_id = w.instance_id AND j.ciphertext_hash = w.ciphertext_hash
      RETURNING w.position, j.instance_id, j.received_at
    ),
    placed AS (
      SELECT DISTINCT ON (instance_id, wa_message_id, chat, sender) *
      FROM (
        SELECT a.position, a.instance_id, j.received_at, a.id, a.wa_message_id, a.type, a.content,
          ${known('chat')} AS chat, ${known('sender')} AS sender, a.lid_chat, a.lid_sender
        FROM projected j
        JOIN asked a USING (position)
        WHERE a.id IS NOT NULL
      ) every_copy
      ORDER BY instance_id, wa_message_id, chat, sender, position
    ),
    ${learned === undefined ? sql`` : sql`${learnParts([...learned])},`}
    resolved AS (
      UPDATE undecryptable_messages u SET resolved_at = clock_timestamp()
      FROM placed p
      WHERE ${samePlace('u')} AND u.resolved_at IS NULL
      RETURNING p.position, u.message_id
    ),
    changed AS (
      INSERT INTO messages (id, customer_id, instance_id, direction, chat, sender, wa_message_id, type, content, status,
        created_at, sent_at)
      SELECT coalesce((SELECT min(r.message_id) FROM resolved r WHERE r.position = p.position), p.id), i.customer_id, i.id,
        CASE WHEN ${own('p')} THEN 'outbound' ELSE 'inbound' END, p.chat, p.sender, p.wa_message_id, p.type,
        p.content::jsonb, CASE WHEN ${own('p')} THEN 'sent' ELSE 'received' END, p.received_at,
        CASE WHEN ${own('p')} THEN p.received_at END
      FROM placed p
      JOIN instances i ON i.id = p.instance_id
      WHERE NOT EXISTS (SELECT FROM messages m WHERE ${samePlace('m')})
      ORDER BY p.position
      ON CONFLICT (instance_id, wa_message_id, chat, sender) DO NOTHING
      RETURNING *
    ),
    shown AS (
      SELECT p.position AS place, m.*
      FROM changed m
      JOIN placed p ON p.instance_id = m.instance_id AND p.wa_message_id = m.wa_message_id
        AND p.chat = m.chat AND p.sender = m.sender
    ),
    ${factsPart(
      sql`
      SELECT m.place, 1 AS turn, m.instance_id, m.chat,
        CASE WHEN ${own('m')} THEN 'message.sent' ELSE 'message.received' END AS type, ${messageView} AS data
      FROM shown m JOIN instances i ON i.id = m.instance_id
      UNION ALL
      SELECT m.place, 2, m.instance_id, m.chat, 'message.undecryptable', ${undecryptableView(sql`m.id`, true)}
      FROM shown m JOIN instances i ON i.id = m.instance_id
      WHERE EXISTS (SELECT FROM resolved r WHERE r.position = m.place)`,
      2 * projections.length,
    )},
    ${recordFacts}
    SELECT place AS position FROM shown`)
  const areNew = new Set(rows.map(({ position }) => Number(position)))
  return projections.map((_, index) => areNew.has(index + 1))
}

/** The CTE `asked`: the rows by their `position` from 1, with a null `id` where nothing is shown. */
function askedPart(projections: readonly ReadableProjection[]): SQL {
  const text = (pick: (message: ProjectedMessage & { content: Content }) => string) =>
    sql`${sql.param(projections.map(({ message }) => (message === undefined ? null : pick(message))))}::text[]`
  const lidOf = ({ numbers }: ProjectedMessage, address: string) =>
    [...(numbers ?? [])].find(([, phoneNumber]) => phoneNumber === address)?.[0] ?? address
  return sql`asked AS MATERIALIZED (
      SELECT *
      FROM unnest(
        ${sql.param(projections.map(({ row }) => row.instanceId))}::text[],
        ${sql.param(projections.map(({ row }) => row.seq))}::bigint[],
        ${text(() => newId('message'))},
        ${text(({ waMessageId }) => storableText(waMessageId))},
        ${text(({ chat }) => storableText(chat))},
        ${text(({ sender }) => storableText(sender))},
        ${text((message) => storableText(lidOf(message, message.chat)))},
        ${text((message) => storableText(lidOf(message, message.sender)))},
        ${text(({ content }) => content.type)},
        ${text(({ content }) => storableJson(content))}
      ) WITH ORDINALITY
        AS a (instance_id, seq, id, wa_message_id, chat, sender, lid_chat, lid_sender, type, content, position)
    )`
}

/** The number behind an address of `asked a`, where it is known. */
function known(column: 'chat' | 'sender'): SQL {
  const address = sql.raw(`a.${column}`)
  return sql`coalesce(
            (SELECT phone_number FROM contact_numbers n WHERE n.instance_id = a.instance_id AND n.lid = ${address}),
            ${address})`
}

/** The CTE `facts` of what is told, at most `limit`, by place and turn. Ids in order, because feeds are read by them. */
function factsPart(told: SQL, limit: number): SQL {
  const eventIds = Array.from({ length: limit }, () => newId('event')).toSorted()
  return sql`facts AS (
      SELECT t.instance_id,
        row_number() OVER (PARTITION BY t.instance_id ORDER BY t.place, t.turn) AS position,
        count(*) OVER (PARTITION BY t.instance_id) AS total,
        (${sql.param(eventIds)}::text[])[row_number() OVER (ORDER BY t.instance_id, t.place, t.turn)] AS event_id,
        t.type, t.data, t.instance_id || '/' || t.chat AS lane
      FROM (${told}) t
    )`
}
