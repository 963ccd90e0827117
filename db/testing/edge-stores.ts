import type { WebhookId } from '#contracts/ids.ts'
import type { AdminSessions } from '#core/ports/admin-sessions.ts'
import type { Admins } from '#core/ports/admins.ts'
import type { Alerts } from '#core/ports/alerts.ts'
import type { ApiKeys } from '#core/ports/api-keys.ts'
import type { AuditLog } from '#core/ports/audit-log.ts'
import type { CustomerAccounts } from '#core/ports/customer-accounts.ts'
import type { CustomerKeys } from '#core/ports/customer-keys.ts'
import type { Customers } from '#core/ports/customers.ts'
import type { Events } from '#core/ports/events.ts'
import type { FleetInstances } from '#core/ports/fleet-instances.ts'
import type { Idempotency } from '#core/ports/idempotency.ts'
import type { Instances } from '#core/ports/instances.ts'
import type { Messages } from '#core/ports/messages.ts'
import type { Retention } from '#core/ports/retention.ts'
import type { ServiceMetrics } from '#core/ports/service-metrics.ts'
import type { ServerChecks } from '#core/ports/server-checks.ts'
import type { ServerMetrics } from '#core/ports/server-metrics.ts'
import type { ServerRegistry } from '#core/ports/server-registry.ts'
import type { Servers } from '#core/ports/servers.ts'
import type { Usage } from '#core/ports/usage.ts'
import type { WebhookDeliveries } from '#core/ports/webhook-deliveries.ts'
import type { Webhooks } from '#core/ports/webhooks.ts'
import type { Seed } from '#core/testing/seed.ts'

/** The edge's stores over one fresh database, and the way to arrange and look past them. */
export interface EdgeStores {
  apiKeys: ApiKeys
  customers: Customers
  instances: Instances
  messages: Messages
  servers: Servers
  usage: Usage
  webhooks: Webhooks
  webhookDeliveries: WebhookDeliveries
  events: Events
  idempotency: Idempotency
  retention: Retention
  admins: Admins
  adminSessions: AdminSessions
  alerts: Alerts
  serviceMetrics: ServiceMetrics
  auditLog: AuditLog
  customerAccounts: CustomerAccounts
  customerKeys: CustomerKeys
  serverChecks: ServerChecks
  serverMetrics: ServerMetrics
  serverRegistry: ServerRegistry
  fleetInstances: FleetInstances
  seed: Seed
  /** The endpoint's signing secret as the dispatcher would read it. */
  webhookSecret: (id: WebhookId) => Promise<string | undefined>
  /** HTTP requests to the database so far; undefined where there are none. */
  requests: () => number | undefined
  close: () => Promise<void>
}
