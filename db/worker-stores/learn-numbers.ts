import { sql, type SQL } from 'drizzle-orm'
import { storableText } from './storable.ts'

/**
 * What the stanza of the CTE `projected` tells goes into contact_numbers; what stands under an address that is new there
 * moves to its number, except where a message of the same id stands under the number too: both were told, and both stay.
 */
export function learnParts(told: readonly (readonly [lid: string, phoneNumber: string])[]): SQL {
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
