import type { CustomerId } from '#contracts/ids.ts'
import type { MemoryDatabase } from './memory-database.ts'

/** `YYYY-MM-DD` of the moment in UTC. */
export function dayUtc(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

/** Counts one message of today; false, and nothing counted, when that would exceed the plan's quota. */
export function countMessage(database: MemoryDatabase, customerId: CustomerId): boolean {
  const { tables, now } = database
  const customer = tables.customers.find((row) => row.id === customerId)
  const quota = tables.plans.find((row) => row.name === customer?.plan)?.messagesPerDay ?? null
  const day = dayUtc(now())
  const today = tables.usageDays.find((row) => row.customerId === customerId && row.day === day)
  if (quota !== null && (today?.messages ?? 0) >= quota) return false
  if (today === undefined) database.insert('usageDays', { customerId, day, messages: 1, quota })
  else Object.assign(today, { messages: today.messages + 1, quota })
  return true
}
