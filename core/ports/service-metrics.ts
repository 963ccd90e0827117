import type { AlertKind } from '#contracts/alerts.ts'
import type { InstanceState } from '#contracts/instance-states.ts'

/** Counts of a span of time; `latency` by the classes of core/rules/latency.ts. */
export interface MessageCounts {
  sent: number
  received: number
  failed: number
  latency: number[]
}

export interface ServiceOverview {
  customers: { active: number; suspended: number }
  instances: Partial<Record<InstanceState, number>>
  /** Of those that should work; `other` are being set up, in maintenance or out of service. */
  servers: { healthy: number; degraded: number; down: number; other: number }
  /** Unresolved ones. */
  alerts: { kind: AlertKind; acknowledged: boolean; count: number }[]
  /** Of the five minutes that were counted last. */
  recent: MessageCounts
  /** Oldest first, without gaps; the newest bucket is not over. */
  series: ({ at: Date } & MessageCounts)[]
}

/** How much happens in the whole service. */
export interface ServiceMetrics {
  /**
   * Counts the minutes that are over and not counted yet, the oldest hour of them; one that ended less than a minute ago
   * waits, for transactions that are open still. Returns how many messages there were.
   */
  rollUpMinutesAcrossCustomers(): Promise<number>
  /** A series of the last `rangeMs` in buckets of `bucketMs`, both whole minutes. */
  overviewAcrossCustomers(span: { rangeMs: number; bucketMs: number }): Promise<ServiceOverview>
}
