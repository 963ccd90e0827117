import type { AdminSessionId } from '#contracts/ids.ts'
import type { AdminSessions, AdminStanding } from '#core/ports/admin-sessions.ts'
import type { AdminTokens } from '#core/ports/admin-tokens.ts'
import type { Admins } from '#core/ports/admins.ts'
import type { AlertNotifier } from '#core/ports/alert-notifier.ts'
import type { Alerts } from '#core/ports/alerts.ts'
import type { AuditLog } from '#core/ports/audit-log.ts'
import type { CustomerAccounts } from '#core/ports/customer-accounts.ts'
import type { CustomerKeys } from '#core/ports/customer-keys.ts'
import type { FleetInstances } from '#core/ports/fleet-instances.ts'
import type { PasswordHash } from '#core/ports/password-hash.ts'
import type { ServiceMetrics } from '#core/ports/service-metrics.ts'
import type { ServerChecks } from '#core/ports/server-checks.ts'
import type { ServerMetrics } from '#core/ports/server-metrics.ts'
import type { ServerRegistry } from '#core/ports/server-registry.ts'
import type { Totp } from '#core/ports/totp.ts'

/** What the verbs of admins, and those that write the audit log, work with beside the App. */
export interface AdminApp {
  admins: Admins
  adminSessions: AdminSessions
  adminTokens: AdminTokens
  alerts: Alerts
  /** Undefined while the operator has set no webhook for alerts. */
  alertNotifier: AlertNotifier | undefined
  auditLog: AuditLog
  customerAccounts: CustomerAccounts
  customerKeys: CustomerKeys
  serverChecks: ServerChecks
  serverMetrics: ServerMetrics
  serverRegistry: ServerRegistry
  fleetInstances: FleetInstances
  passwordHash: PasswordHash
  serviceMetrics: ServiceMetrics
  totp: Totp
  /** How a worker is started by hand. */
  workerCommand: string
}

/** Where a request came from: for the audit log. */
export interface Origin {
  requestId: string
  address: string | null
}

/** The admin who asks: proven by an access token, standing as the database has it now. */
export interface AdminActor extends AdminStanding, Origin {
  sessionId: AdminSessionId
}
