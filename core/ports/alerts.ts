import type { AlertKind, AlertState } from '#contracts/alerts.ts'
import type { DisabledReason } from '#contracts/events.ts'
import type { AdminId, AlertId, CustomerId, InstanceId, ServerId, WebhookId } from '#contracts/ids.ts'
import type { InstanceState, StateReason } from '#contracts/instance-states.ts'
import type { AuditEntry } from './audit-log.ts'
import type { ServerVerdict } from './server-checks.ts'
import type { ServerHealth, ServerStatus } from './servers.ts'
import type { PageRequest, TablePage } from './table.ts'

/** Why there should be an alert now; what it is about has one alert of the kind at most that is not resolved. */
export interface Cause {
  kind: AlertKind
  /** An id, or the name of a neighbour. */
  subject: string
  customerId: CustomerId | null
  details: Record<string, unknown>
}

export interface Alert extends Cause {
  id: AlertId
  openedAt: Date
  /** When its cause was last seen. */
  seenAt: Date
  acknowledgedAt: Date | null
  acknowledgedBy: AdminId | null
  resolvedAt: Date | null
  /** Null when its cause was gone. */
  resolvedBy: AdminId | null
}

/** What the database knows that may be a cause; core/rules/alert-causes.ts says what is one. */
export interface AlertFacts {
  /** Servers that should work. */
  servers: {
    id: ServerId
    name: string
    status: ServerStatus
    health: ServerHealth
    placed: number
    maxCapacity: number
    /** Milliseconds since its lease ended; below 0 while a worker holds it; null when none ever did. */
    leaseEndedMs: number | null
    /** What the edge found in the last minutes, and for how long it has been so; null when it has not called lately. */
    check: (ServerVerdict & { sinceMs: number }) | null
  }[]
  /** Logged out or banned and wanted by active customers: the 1,000 that changed last. */
  instances: {
    id: InstanceId
    customerId: CustomerId
    state: InstanceState
    reason: StateReason | null
    stateChangedAt: Date
  }[]
  /** Disabled by us: the 1,000 newest. */
  webhooks: { id: WebhookId; customerId: CustomerId; reason: DisabledReason; failingSince: Date | null }[]
  /** Of today (UTC), the 1,000 that are nearest to their end or beyond it. */
  quotas: { customerId: CustomerId; day: string; messages: number; quota: number }[]
  /** Messages that ended in the five minutes that were counted last. */
  messages: { sent: number; failed: number }
}

export interface AlertFilter {
  state?: AlertState
  kind?: AlertKind
  subject?: string
  customerId?: CustomerId
}

/** What the operator's webhook is told of an alert. */
export type NoticeType = 'opened' | 'resolved'

/** What operators should see to. All times are the database's. */
export interface Alerts {
  factsAcrossCustomers(): Promise<AlertFacts>
  /**
   * Opens an alert for each cause that has none, notes that the others were seen again, and resolves those whose cause has
   * not been seen for `quietMs`. Returns how many were opened and resolved.
   */
  settle(causes: readonly Cause[], quietMs: number): Promise<{ opened: number; resolved: number }>
  /** Newest first. */
  list(filter: AlertFilter, page: PageRequest): Promise<TablePage<Alert>>
  /** One that is acknowledged or resolved already stays as it is, without an entry in the audit log. Undefined: no such alert. */
  acknowledge(id: AlertId, audit: AuditEntry): Promise<Alert | undefined>
  resolve(id: AlertId, audit: AuditEntry): Promise<Alert | undefined>

  /** Alerts whose opening or end nobody was told of, those first that were not tried for longest. */
  untold(limit: number): Promise<{ alert: Alert; due: NoticeType[] }[]>
  markTold(id: AlertId, notice: NoticeType): Promise<void>
  /** Telling failed: others come first next time. */
  markTried(id: AlertId): Promise<void>
  /** Nobody will be told of what is over already. Returns of how many. */
  dropResolvedNotices(): Promise<number>
}
