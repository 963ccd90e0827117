import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** Throws FencedOut unless this worker run still owns the instance under this epoch. */
export function requireFence(database: MemoryDatabase, fence: Fence): void {
  const holds = database.tables.instanceLeases.some(
    (lease) =>
      lease.instanceId === fence.instanceId &&
      lease.epoch === fence.epoch &&
      lease.ownerIncarnation === fence.incarnation,
  )
  if (!holds) throw new FencedOut(fence)
}
