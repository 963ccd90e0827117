import type { CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { PageRequest, TablePage } from './table.ts'

/** From the first to the last day, both `YYYY-MM-DD` in UTC and included. */
export interface DaySpan {
  from: string
  to: string
}

/** Requests and the bytes of their bodies. */
export interface RequestCounts {
  requests: number
  bytesIn: number
  bytesOut: number
}

export interface UsageCounts extends RequestCounts {
  /** Accepted ones: what the quota counts. */
  messages: number
  sent: number
  received: number
  /** By our fault or WhatsApp's. */
  failed: number
  mediaSent: number
  mediaReceived: number
}

export interface UsageDay extends UsageCounts {
  /** `YYYY-MM-DD` in UTC. */
  day: string
  /** As it was at the last message of the day; null is unlimited, or no message was accepted. */
  quota: number | null
}

export const usageGroupings = ['plan', 'customer', 'server'] as const
export type UsageGrouping = (typeof usageGroupings)[number]

/** What a plan, a customer or a server had; requests and accepted messages are no server's, and 0 there. */
export interface UsageGroup extends UsageCounts {
  id: string
  name: string
  /** Of a customer or plan; as it is now. */
  plan: Plan | null
  /** How many customers used something. */
  customers: number
}

export interface UsageFilter extends DaySpan {
  by: UsageGrouping
  /** How the name begins, in any case, or a whole id. */
  q?: string
  sort: { by: 'name' | 'media' | 'bytes' | keyof UsageCounts; descending: boolean }
}

export interface RequestDay extends RequestCounts {
  customerId: CustomerId
  day: string
}

/** What customers used, per UTC day. */
export interface Usage {
  /** Adds to what was counted before. */
  addRequests(counts: readonly RequestDay[]): Promise<void>
  /** Days on which something was used, newest first. Undefined: no such customer. */
  days(customerId: CustomerId, span: DaySpan): Promise<UsageDay[] | undefined>
  /** Plans, customers or servers that had any use in these days; deleted ones too. */
  groupsAcrossCustomers(filter: UsageFilter, page: PageRequest): Promise<TablePage<UsageGroup>>
}
