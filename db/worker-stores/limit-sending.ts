import { sql } from 'drizzle-orm'
import { newId } from '#contracts/ids.ts'
import type { SendingLimitReason } from '#contracts/sending-limits.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { limitLastsMs, oneLimitMs, presentSendingLimit } from '#core/rules/sending-limits.ts'
import { fenceLock } from './fence-lock.ts'
import { isoTime } from './message-view-sql.ts'
import { recordFacts } from './record-event.ts'
import type { WorkerDatabase } from './worker-database.ts'

const columns = { 'wa-restricted': sql.raw('new_chats_held_until'), 'wa-too-fast': sql.raw('slowed_until') } as const

/** The limit and its event in one statement. */
export async function limitSending(database: WorkerDatabase, fence: Fence, reason: SendingLimitReason): Promise<void> {
  const column = columns[reason]
  const { until: _told, ...data } = presentSendingLimit(fence.instanceId, reason, new Date(0))
  const lastsMs = limitLastsMs[reason]
  const { rows } = await database.execute<{ fence_holds: boolean }>(sql`
    WITH ${fenceLock(fence)},
    changed AS (
      UPDATE instances SET ${column} = clock_timestamp() + ${lastsMs} * interval '1 millisecond'
      WHERE id = ${fence.instanceId} AND EXISTS (SELECT FROM fence)
        AND (${column} IS NULL
          OR ${column} < clock_timestamp() + ${lastsMs - oneLimitMs} * interval '1 millisecond')
      RETURNING id, ${column} AS until
    ),
    facts AS (
      SELECT id AS instance_id, 1::bigint AS position, 1::bigint AS total, ${newId('event')}::text AS event_id,
        'instance.sending_limited'::text AS type,
        ${JSON.stringify(data)}::jsonb || jsonb_build_object('until', ${isoTime(sql`until`)}) AS data,
        id AS lane
      FROM changed
    ),
    ${recordFacts}
    SELECT EXISTS (SELECT FROM fence) AS fence_holds`)
  if (rows[0]?.fence_holds !== true) throw new FencedOut(fence)
}
