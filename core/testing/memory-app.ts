import type { ProvenKey, ProvenKeys } from '#core/ports/api-keys.ts'
import { createHeldRequests } from '#core/rules/held-requests.ts'
import { createSharedHints } from '#core/rules/shared-hints.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { createFakeBackground, type FakeBackground } from './fake-background.ts'
import { createFakeWorkerGateway, type FakeWorkerGateway, type WorkerAnswers } from './fake-worker-gateway.ts'
import { createMemoryAdminSessions } from './memory-admin-sessions.ts'
import { createMemoryAdmins } from './memory-admins.ts'
import { createMemoryAlerts } from './memory-alerts.ts'
import { createMemoryApiKeys } from './memory-api-keys.ts'
import { createMemoryAuditLog } from './memory-audit-log.ts'
import { createMemoryCustomerAccounts } from './memory-customer-accounts.ts'
import { createMemoryCustomerKeys } from './memory-customer-keys.ts'
import { createMemoryCustomers } from './memory-customers.ts'
import { createMemoryDatabase } from './memory-database.ts'
import { createMemoryEvents } from './memory-events.ts'
import { createMemoryFleetInstances } from './memory-fleet-instances.ts'
import { createMemoryIdempotency } from './memory-idempotency.ts'
import { createMemoryInstances } from './memory-instances.ts'
import { createMemoryMessages } from './memory-messages.ts'
import { createMemoryRetention } from './memory-retention.ts'
import { createMemoryServiceMetrics } from './memory-service-metrics.ts'
import { createMemoryServerChecks } from './memory-server-checks.ts'
import { createMemoryServerMetrics } from './memory-server-metrics.ts'
import { createMemoryServerRegistry } from './memory-server-registry.ts'
import { createMemoryServers } from './memory-servers.ts'
import { createMemoryUsage } from './memory-usage.ts'
import { createMemoryWebhookDeliveries } from './memory-webhook-deliveries.ts'
import { createMemoryWebhooks } from './memory-webhooks.ts'
import { createMemorySeed, type Seed } from './seed.ts'

export interface MemoryApp
  extends Omit<App, 'pairingLinks'>, Omit<AdminApp, 'adminTokens' | 'alertNotifier' | 'passwordHash' | 'totp'> {
  seed: Seed
  gateway: FakeWorkerGateway
  background: FakeBackground
}

/** All that verbs need, on fakes. The stored hash of a key is its SHA-256 here. */
export function createMemoryApp({ answers, now }: { answers?: WorkerAnswers; now?: () => Date } = {}): MemoryApp {
  const clock = { now: now ?? (() => new Date()) }
  const database = createMemoryDatabase(clock.now)
  return {
    seed: createMemorySeed(database),
    apiKeys: createMemoryApiKeys(database),
    customers: createMemoryCustomers(database),
    instances: createMemoryInstances(database),
    messages: createMemoryMessages(database),
    webhooks: createMemoryWebhooks(database),
    webhookDeliveries: createMemoryWebhookDeliveries(database),
    events: createMemoryEvents(database),
    idempotency: createMemoryIdempotency(database),
    retention: createMemoryRetention(database),
    heldRequests: createHeldRequests(),
    sharedHints: createSharedHints(),
    servers: createMemoryServers(database),
    usage: createMemoryUsage(database),
    provenKeys: createMemoryProvenKeys(),
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
    keyHash: { hash: (keySha256) => keySha256, matches: (keySha256, secretHash) => keySha256 === secretHash },
    gateway: createFakeWorkerGateway(answers),
    background: createFakeBackground(),
    workerCommand: 'npm run worker',
    clock,
    exceptions: { testKeys: false, loopbackWebhooks: false },
  }
}

export function createMemoryProvenKeys(): ProvenKeys {
  const proven = new Map<string, ProvenKey>()
  return {
    peek: (keySha256) => proven.get(keySha256),
    recall: async (keySha256) => proven.get(keySha256),
    async remember(keySha256, key) {
      proven.set(keySha256, key)
    },
  }
}
