import { ApiError } from '#contracts/errors.ts'
import type { CustomerId, EventId } from '#contracts/ids.ts'
import type { EventPosition } from '#core/ports/events.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'

/** An opaque cursor of this customer's event log. */
export function eventCursor(customerId: CustomerId, { xid, id }: EventPosition): string {
  return encodeCursor(`events/${customerId}:${xid}:${id}`)
}

/** The position in a cursor of this customer's log. Throws ApiError VALIDATION_ERROR, naming `field`, for anything else. */
export function readEventCursor(customerId: CustomerId, cursor: string, field: string): EventPosition {
  const prefix = `events/${customerId}:`
  const text = decodeCursor(cursor)
  // 19 digits always fit into 64 bits.
  const parts = text?.startsWith(prefix) ? /^(\d{1,19}):(evt_[0-9a-z]{26})?$/.exec(text.slice(prefix.length)) : null
  if (parts?.[1] === undefined) {
    throw new ApiError('VALIDATION_ERROR', 'The cursor is not one that this list gave.', {
      details: { [field]: 'is not a cursor of this list' },
    })
  }
  return { xid: parts[1], id: (parts[2] ?? '') as EventId | '' }
}
