import { sql, type Column, type SQL } from 'drizzle-orm'
import { instances } from '#db/schema/instances.ts'

/** Selects an Instance from `instances`. */
export const instanceColumns = {
  id: instances.id,
  customerId: instances.customerId,
  name: instances.name,
  desired: instances.desired,
  state: instances.state,
  reason: instances.reason,
  phoneNumber: instances.phoneNumber,
  newChatsPerMinute: instances.newChatsPerMinute,
  newChatsHeldUntil: whileAhead(instances.newChatsHeldUntil),
  slowedUntil: whileAhead(instances.slowedUntil),
  stateChangedAt: instances.stateChangedAt,
  createdAt: instances.createdAt,
}

/** A moment that has passed limits nothing any more. */
function whileAhead(column: Column): SQL<Date | null> {
  return sql`CASE WHEN ${column} > clock_timestamp() THEN ${column} END`.mapWith(column) as SQL<Date | null>
}
