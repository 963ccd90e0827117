import { sql } from 'drizzle-orm'
import { messageFacts, recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

/** Without a fence: it is conditional on each row's own state. What another process is ending just now is skipped. */
export async function expireDue(database: WorkerDatabase, limit: number): Promise<number> {
  const { rows } = await database.execute<{ ended: number }>(sql`
    WITH due AS MATERIALIZED (
      SELECT id
      FROM messages
      WHERE status IN ('queued', 'sending') AND expires_at <= clock_timestamp()
      ORDER BY seq
      LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED
    ),
    changed AS (
      UPDATE messages m
      SET status = CASE WHEN m.attempts = 0 THEN 'expired' ELSE 'failed' END,
        failure = CASE WHEN m.attempts = 0 THEN NULL ELSE 'DELIVERY_UNKNOWN' END
      FROM due
      WHERE m.id = due.id
      RETURNING m.*
    ),
    ${messageFacts('message.failed', limit)},
    ${recordFacts}
    SELECT count(*)::integer AS ended FROM changed`)
  return rows[0]?.ended ?? 0
}
