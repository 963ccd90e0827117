import type { CustomerId } from '#contracts/ids.ts'
import { ActedBefore, type Effect, type Once } from '#core/ports/idempotency.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** Runs what a fake does in one transaction, under a key once. `effectOf` tells what was done; undefined is nothing. */
export function memoryOnce<T>(
  { tables }: MemoryDatabase,
  customerId: CustomerId,
  once: Once | undefined,
  { act, effectOf }: { act: () => T; effectOf: (result: T) => Effect | undefined },
): T {
  const row = tables.idempotentRequests.find((one) => one.customerId === customerId && one.key === once?.key)
  if (row !== undefined && (row.timesActed > 0 || row.status !== null)) throw new ActedBefore()
  const result = act()
  const effect = effectOf(result)
  if (row !== undefined && effect !== undefined) Object.assign(row, { timesActed: 1, effect })
  return result
}
