import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { createKeyRing, newKeyRingSpec } from '#db/crypto/key-ring.ts'
import { openText } from '#db/crypto/sealed-text.ts'
import { createAdminSessions } from '#db/edge-stores/admin-sessions.ts'
import { createAdmins } from '#db/edge-stores/admins.ts'
import { createAlerts } from '#db/edge-stores/alerts.ts'
import { createApiKeys } from '#db/edge-stores/api-keys.ts'
import { createAuditLog } from '#db/edge-stores/audit-log.ts'
import { createCustomerAccounts } from '#db/edge-stores/customer-accounts.ts'
import { createCustomerKeys } from '#db/edge-stores/customer-keys.ts'
import { createCustomers } from '#db/edge-stores/customers.ts'
import { createEvents } from '#db/edge-stores/events.ts'
import { createFleetInstances } from '#db/edge-stores/fleet-instances.ts'
import { createIdempotency } from '#db/edge-stores/idempotency.ts'
import { createInstances } from '#db/edge-stores/instances.ts'
import { createMessages } from '#db/edge-stores/messages.ts'
import { createRetention } from '#db/edge-stores/retention.ts'
import { createServiceMetrics } from '#db/edge-stores/service-metrics.ts'
import { createServerChecks } from '#db/edge-stores/server-checks.ts'
import { createServerMetrics } from '#db/edge-stores/server-metrics.ts'
import { createServerRegistry } from '#db/edge-stores/server-registry.ts'
import { createServers } from '#db/edge-stores/servers.ts'
import { createUsage } from '#db/edge-stores/usage.ts'
import { createWebhookDeliveries } from '#db/edge-stores/webhook-deliveries.ts'
import { createWebhooks } from '#db/edge-stores/webhooks.ts'
import { openTestDatabase, type TestDatabase, type TestDatabaseKind } from '#local/testing/test-databases.ts'
import { createSqlSeed } from './sql-seed.ts'
import type { EdgeStores } from './edge-stores.ts'

/** The real stores always go through Neon's HTTP protocol; the seed takes the direct way. */
export async function openSqlEdgeStores(kind: TestDatabaseKind): Promise<EdgeStores> {
  return sqlEdgeStores(await openTestDatabase(kind))
}

/** The same over a database that is there already, which is closed with them. */
export function sqlEdgeStores(database: TestDatabase): EdgeStores {
  const db = createEdgeDatabase({
    connectionString: database.neonConnectionString,
    fetchEndpoint: database.neonFetchEndpoint,
  })
  const keyRing = createKeyRing(newKeyRingSpec())
  const pool = createPool({ databaseUrl: database.url, max: 2 })
  const seed = createSqlSeed(pool)
  return {
    apiKeys: createApiKeys(db),
    customers: createCustomers(db),
    instances: createInstances(db),
    messages: createMessages(db),
    servers: createServers(db),
    usage: createUsage(db),
    webhooks: createWebhooks(db, keyRing),
    webhookDeliveries: createWebhookDeliveries(db),
    events: createEvents(db),
    idempotency: createIdempotency(db),
    retention: createRetention(db),
    admins: createAdmins(db, keyRing),
    adminSessions: createAdminSessions(db),
    alerts: createAlerts(db),
    serviceMetrics: createServiceMetrics(db),
    auditLog: createAuditLog(db),
    customerAccounts: createCustomerAccounts(db),
    customerKeys: createCustomerKeys(db),
    serverChecks: createServerChecks(db),
    serverMetrics: createServerMetrics(db),
    serverRegistry: createServerRegistry(db),
    fleetInstances: createFleetInstances(db),
    seed,
    async webhookSecret(id) {
      const [row] = await seed.rows('webhookEndpoints', { id })
      return row && openText(keyRing, id, { keyRingId: row.keyRingId, sealed: row.secret })
    },
    requests: database.neonRequests,
    async close() {
      await pool.end()
      await database.close()
    },
  }
}
