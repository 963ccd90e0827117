import { sql } from 'drizzle-orm'
import type { EventType } from '#contracts/events.ts'
import type { EventId, InstanceId } from '#contracts/ids.ts'
import type { EventPosition, Events, LoggedEvent } from '#core/ports/events.ts'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import { guardStore } from '#db/errors/guard-store.ts'

type EventRow = {
  horizon: string
  id: EventId | null
  xid: string
  type: EventType
  occurred_at: string
  instance_id: InstanceId | null
  sequence: string | null
  data: Record<string, unknown>
}

export function createEvents(db: EdgeDatabase): Events {
  return guardStore<Events>({
    /**
     * One statement, so one snapshot: below `horizon` (the oldest transaction that still writes) nothing can appear any
     * more. A batch that is not full has seen all there is, so its reader goes on at the horizon and is not slowed down by
     * what its filter passed over.
     */
    async after(customerId, position, { limit, types, instanceId }) {
      const { rows } = await db.execute<EventRow>(sql`
        SELECT h.xid::text AS horizon, page.*
        FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS xid) h
        LEFT JOIN LATERAL (
          SELECT e.id, e.xid::text AS xid, e.type, e.instance_id, e.sequence, e.data,
            to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS occurred_at
          FROM events e
          WHERE e.customer_id = ${customerId} AND e.xid < h.xid
            ${position === undefined ? sql`` : sql`AND (e.xid, e.id) > (${position.xid}::xid8, ${position.id}::text)`}
            ${types === undefined ? sql`` : sql`AND e.type = ANY (${sql.param(types)}::text[])`}
            ${instanceId === undefined ? sql`` : sql`AND e.instance_id = ${instanceId}`}
          ORDER BY e.xid, e.id
          LIMIT ${limit + 1}
        ) page ON true`)
      const found = rows.filter((row): row is EventRow & { id: EventId } => row.id !== null)
      const events = found.slice(0, limit).map(loggedEvent)
      const more = limit > 0 && found.length > limit
      const last = events.at(-1)
      return { events, more, position: more && last !== undefined ? last.position : horizonOf(rows) }
    },
  })
}

function horizonOf([row]: readonly EventRow[]): EventPosition {
  if (row === undefined) throw new Error('The statement answers a row at any rate.')
  return { xid: row.horizon, id: '' }
}

function loggedEvent(row: EventRow & { id: EventId }): LoggedEvent {
  return {
    position: { xid: row.xid, id: row.id },
    event: {
      id: row.id,
      type: row.type,
      timestamp: row.occurred_at,
      instance_id: row.instance_id,
      sequence: row.sequence === null ? null : Number(row.sequence),
      data: row.data,
    },
  }
}
