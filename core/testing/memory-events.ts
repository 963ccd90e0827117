import type { EventPosition, Events } from '#core/ports/events.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

/** Every row is a transaction of its own, and has ended. */
export function createMemoryEvents({ tables }: MemoryDatabase): Events {
  return {
    async after(customerId, position, { limit, types, instanceId }) {
      const own = tables.events.filter((row) => row.customerId === customerId)
      const found = own.filter(
        (row) =>
          (position === undefined || isAfter(row, position)) &&
          (types === undefined || types.includes(row.type)) &&
          (instanceId === undefined || row.instanceId === instanceId),
      )
      const shown = found.slice(0, limit)
      const more = limit > 0 && found.length > limit
      const last = more ? shown.at(-1) : own.at(-1)
      return {
        events: shown.map((row) => ({ event: eventOf(row), position: { xid: row.xid, id: row.id } })),
        position: last === undefined ? { xid: '0', id: '' } : { xid: last.xid, id: last.id },
        more,
      }
    },
  }
}

function isAfter(row: MemoryRows['events'], { xid, id }: EventPosition): boolean {
  const [own, other] = [BigInt(row.xid), BigInt(xid)]
  return own === other ? row.id > id : own > other
}

/** The event in a stored row, as customers see it. */
export function eventOf(row: MemoryRows['events']) {
  return {
    id: row.id,
    type: row.type,
    timestamp: row.occurredAt.toISOString(),
    instance_id: row.instanceId,
    sequence: row.sequence,
    data: { ...row.data },
  }
}
