import type { CustomerId } from '#contracts/ids.ts'
import type { PlanLimits } from '#contracts/plans.ts'
import { dayUtc } from '#core/rules/day-span.ts'
import { overrideLimits } from '#core/rules/limits-of.ts'
import type { MemoryDatabase } from './memory-database.ts'
import type { MemoryRows } from './memory-rows.ts'

/** What holds for the customer: the rows of `plans` and not contracts/plans.ts, as PostgreSQL counts. */
export function memoryLimitsOf({ tables }: MemoryDatabase, customer: MemoryRows['customers']): PlanLimits {
  return overrideLimits(
    tables.plans.find((row) => row.name === customer.plan)!,
    customer.limitOverrides,
  )
}

/** Counts one message of today; false, and nothing counted, when that would exceed the quota. */
export function countMessage(database: MemoryDatabase, customerId: CustomerId): boolean {
  const { tables, now } = database
  const customer = tables.customers.find((row) => row.id === customerId)
  const quota = customer === undefined ? null : memoryLimitsOf(database, customer).messagesPerDay
  const day = dayUtc(now())
  const today = tables.usageDays.find((row) => row.customerId === customerId && row.day === day)
  if (quota !== null && (today?.messages ?? 0) >= quota) return false
  if (today === undefined) database.insert('usageDays', { customerId, day, messages: 1, quota })
  else Object.assign(today, { messages: today.messages + 1, quota })
  return true
}
