import { createMemoryAdminSessions } from '#core/testing/memory-admin-sessions.ts'
import { createMemoryAdmins } from '#core/testing/memory-admins.ts'
import { createMemoryAlerts } from '#core/testing/memory-alerts.ts'
import { createMemoryApiKeys } from '#core/testing/memory-api-keys.ts'
import { createMemoryAuditLog } from '#core/testing/memory-audit-log.ts'
import { createMemoryCustomerAccounts } from '#core/testing/memory-customer-accounts.ts'
import { createMemoryCustomerKeys } from '#core/testing/memory-customer-keys.ts'
import { createMemoryCustomers } from '#core/testing/memory-customers.ts'
import { createMemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryEvents } from '#core/testing/memory-events.ts'
import { createMemoryFleetInstances } from '#core/testing/memory-fleet-instances.ts'
import { createMemoryIdempotency } from '#core/testing/memory-idempotency.ts'
import { createMemoryInstances } from '#core/testing/memory-instances.ts'
import { createMemoryMessages } from '#core/testing/memory-messages.ts'
import { createMemoryRetention } from '#core/testing/memory-retention.ts'
import { createMemoryServiceMetrics } from '#core/testing/memory-service-metrics.ts'
import { createMemoryServerChecks } from '#core/testing/memory-server-checks.ts'
import { createMemoryServerMetrics } from '#core/testing/memory-server-metrics.ts'
import { createMemoryServerRegistry } from '#core/testing/memory-server-registry.ts'
import { createMemoryServers } from '#core/testing/memory-servers.ts'
import { createMemoryUsage } from '#core/testing/memory-usage.ts'
import { createMemoryWebhookDeliveries } from '#core/testing/memory-webhook-deliveries.ts'
import { createMemoryWebhooks } from '#core/testing/memory-webhooks.ts'
import { createMemorySeed } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'

export async function openMemoryEdgeStores(): Promise<EdgeStores> {
  const database = createMemoryDatabase()
  return {
    apiKeys: createMemoryApiKeys(database),
    customers: createMemoryCustomers(database),
    instances: createMemoryInstances(database),
    messages: createMemoryMessages(database),
    servers: createMemoryServers(database),
    usage: createMemoryUsage(database),
    webhooks: createMemoryWebhooks(database),
    webhookDeliveries: createMemoryWebhookDeliveries(database),
    events: createMemoryEvents(database),
    idempotency: createMemoryIdempotency(database),
    retention: createMemoryRetention(database),
    admins: createMemoryAdmins(database),
    adminSessions: createMemoryAdminSessions(database),
    alerts: createMemoryAlerts(database),
    serviceMetrics: createMemoryServiceMetrics(database),
    auditLog: createMemoryAuditLog(database),
    customerAccounts: createMemoryCustomerAccounts(database),
    customerKeys: createMemoryCustomerKeys(database),
    serverChecks: createMemoryServerChecks(database),
    serverMetrics: createMemoryServerMetrics(database),
    serverRegistry: createMemoryServerRegistry(database),
    fleetInstances: createMemoryFleetInstances(database),
    seed: createMemorySeed(database),
    async webhookSecret(id) {
      const row = database.tables.webhookEndpoints.find((endpoint) => endpoint.id === id)
      return row === undefined ? undefined : new TextDecoder().decode(row.secret)
    },
    requests: () => undefined,
    close: () => Promise.resolve(),
  }
}
