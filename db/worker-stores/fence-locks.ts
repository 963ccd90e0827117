import { sql, type SQL } from 'drizzle-orm'
import type { Fence } from '#core/ports/session-leases.ts'

/**
 * `fenceLock` for many instances: the CTE `fence (instance_id, epoch, incarnation)` holds those that this worker run owns
 * under their epoch, locked in order of id. The promises and the ban on updating instance_leases are the same.
 */
export function fenceLocks(fences: readonly Fence[]): SQL {
  const distinct = [...new Map(fences.map((fence) => [fenceKey(fence), fence])).values()]
  return sql`fence AS MATERIALIZED (
    SELECT l.instance_id, l.epoch, l.owner_incarnation AS incarnation
    FROM unnest(
      ${sql.param(distinct.map(({ instanceId }) => instanceId))}::text[],
      ${sql.param(distinct.map(({ epoch }) => epoch))}::bigint[],
      ${sql.param(distinct.map(({ incarnation }) => incarnation))}::text[]
    ) AS held (instance_id, epoch, incarnation)
    JOIN instance_leases l
      ON l.instance_id = held.instance_id AND l.epoch = held.epoch AND l.owner_incarnation = held.incarnation
    ORDER BY l.instance_id
    FOR SHARE OF l
  )`
}

/** Rows (instance_id, epoch, incarnation, item) of what each fence asks for, as a table to select from. */
export function askedUnder(items: readonly { fence: Fence; item: string }[]): SQL {
  return sql`unnest(
    ${sql.param(items.map(({ fence }) => fence.instanceId))}::text[],
    ${sql.param(items.map(({ fence }) => fence.epoch))}::bigint[],
    ${sql.param(items.map(({ fence }) => fence.incarnation))}::text[],
    ${sql.param(items.map(({ item }) => item))}::text[]
  ) AS asked (instance_id, epoch, incarnation, item)`
}

/** What the CTE `fence` holds, as one array of text: see `fenceHeld`. */
export const heldFences: SQL = sql`ARRAY(SELECT concat_ws(' ', instance_id, epoch, incarnation) FROM fence)`

/** Whether a fence is among `heldFences`. */
export function fenceHeld(held: readonly string[], fence: Fence): boolean {
  return held.includes(fenceKey(fence))
}

function fenceKey({ instanceId, epoch, incarnation }: Fence): string {
  return `${instanceId} ${epoch} ${incarnation}`
}
