import { sql, type SQL } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import { newId } from '#contracts/ids.ts'
import { messageView } from './message-view-sql.ts'

/**
 * Writes events with their deliveries inside the statement that changed what they tell. It follows a CTE
 * `facts (instance_id, position, total, event_id, type, data, lane)`, where `position` counts from 1 to `total` per
 * instance. The counter's row lock keeps events and deliveries of one instance in the order of their sequence; counters
 * of several instances are locked in order of id, so that two such statements cannot deadlock.
 */
export const recordFacts: SQL = sql`counted AS (
    INSERT INTO instance_counters AS c (instance_id, event_sequence)
    SELECT DISTINCT instance_id, total FROM facts ORDER BY instance_id
    ON CONFLICT (instance_id) DO UPDATE SET event_sequence = c.event_sequence + excluded.event_sequence
    RETURNING instance_id, event_sequence
  ),
  recorded AS (
    INSERT INTO events (id, customer_id, instance_id, sequence, type, data)
    SELECT f.event_id, i.customer_id, f.instance_id, c.event_sequence - f.total + f.position, f.type, f.data
    FROM facts f
    JOIN counted c USING (instance_id)
    JOIN instances i ON i.id = f.instance_id
    ORDER BY f.instance_id, f.position
    RETURNING id, customer_id, instance_id, sequence, type
  ),
  addressed AS (
    INSERT INTO deliveries (event_id, endpoint_id, customer_id, lane)
    SELECT r.id, w.id, r.customer_id, f.lane
    FROM recorded r
    JOIN facts f ON f.event_id = r.id
    JOIN webhook_endpoints w ON w.customer_id = r.customer_id
      AND w.status = 'enabled' AND w.deleted_at IS NULL
      AND (w.instance_id IS NULL OR w.instance_id = r.instance_id)
      AND (w.events @> ARRAY['*'] OR w.events @> ARRAY[r.type])
    ORDER BY r.instance_id, r.sequence
  )`

/**
 * The CTE `facts` about messages: one event of this type for each row of the CTE `changed`, which returns whole rows of
 * messages, at most `limit` of them. Chats are lanes: their events go out in order.
 */
export function messageFacts(type: EventType, limit: number): SQL {
  const eventIds = Array.from({ length: limit }, () => newId('event')).toSorted()
  return sql`facts AS (
    SELECT m.instance_id,
      row_number() OVER (PARTITION BY m.instance_id ORDER BY m.seq) AS position,
      count(*) OVER (PARTITION BY m.instance_id) AS total,
      (${sql.param(eventIds)}::text[])[row_number() OVER (ORDER BY m.instance_id, m.seq)] AS event_id,
      ${type}::text AS type,
      ${messageView} AS data,
      m.instance_id || '/' || m.chat AS lane
    FROM changed m
    JOIN instances i ON i.id = m.instance_id
  )`
}
