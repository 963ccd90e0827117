import type { Background } from '#core/ports/background.ts'
import { createHeldRequests } from '#core/rules/held-requests.ts'
import { createSharedHints } from '#core/rules/shared-hints.ts'
import type { Exceptions } from '#core/verbs/app.ts'
import { createEdgeDatabase } from '#db/clients/neon-http.ts'
import { createKeyRing } from '#db/crypto/key-ring.ts'
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
import { createAddressLimiter, createAddressMemory, spareBanned } from './adapters/address-limiter.ts'
import { createAdminTokens } from './adapters/admin-tokens.ts'
import { createAlertNotifier } from './adapters/alert-notifier.ts'
import { bcryptKeyHash } from './adapters/key-hash.ts'
import { openRedis } from './adapters/open-redis.ts'
import { bcryptPasswordHash } from './adapters/password-hash.ts'
import { createPairingLinks } from './adapters/pairing-links.ts'
import { createProbes } from './adapters/probes.ts'
import { createProvenKeyMemory, createProvenKeys } from './adapters/proven-keys.ts'
import { createRateLimiter, createRateLimitMemory } from './adapters/rate-limiter.ts'
import { createRedisDoor } from './adapters/redis-door.ts'
import { createRefusedKeyMemory, rememberRefusals } from './adapters/refused-keys.ts'
import { createServiceTokens } from './adapters/service-tokens.ts'
import { otpauthTotp } from './adapters/totp.ts'
import { createUsageBuffer } from './adapters/usage-buffer.ts'
import { createWorkerGateway } from './adapters/worker-gateway.ts'
import type { EdgeConfig } from './config.ts'
import { createApiDocuments } from './docs/api-documents.ts'
import type { EdgeServices, Meter } from './edge-env.ts'
import { routeTable } from './routes/route-table.ts'

/** What only the local stack and tests may pass; no binding of production becomes one of these. */
export interface EdgeOverrides {
  exceptions?: Exceptions
  /** Command workers over plain HTTP. */
  plainHttpWorkers?: boolean
  /** How a worker is started by hand. */
  workerCommand?: string
  /** Where Neon's HTTP protocol is spoken instead of at Neon. */
  neonFetchEndpoint?: string
  /** Longest time that a request waits for Redis: more for those that count on a busy machine. */
  redisTimeoutMs?: number | undefined
  /** Longest time that a statement may take: the same. */
  databaseTimeoutMs?: number | undefined
  /** How long counts of use wait until they are written down. */
  usageFlushMs?: number | undefined
  /** Replaces services, for tests. */
  services?: Partial<EdgeServices>
}

/** What a request brings. */
export interface RequestScope {
  requestId: string
  meter: Meter
  background: Background
  /** Whom limits by address count it for (see limitedNetwork). */
  network: string
}

export type OpenServices = (request: RequestScope) => EdgeServices

/** Longest time that a statement may take: with it, an answer while the database is away comes within 2 seconds. */
const databaseTimeoutMs = 1_500
/** Longest time that a request waits for Redis. */
const redisTimeoutMs = 300

/** Makes once what an isolate shares; the function that it returns makes the rest for each request. */
export function createServices(config: EdgeConfig, overrides: EdgeOverrides): OpenServices {
  const keyRing = createKeyRing(config.webhookKeyRing)
  const tokens = createServiceTokens(config.serviceTokenKey)
  const adminKeyRing = createKeyRing(config.adminKeyRing)
  const clock = { now: () => new Date() }
  const adminTokens = createAdminTokens(config.adminTokenKey, clock.now)
  const pairingLinks = createPairingLinks(config.adminTokenKey, clock.now)
  const door = createRedisDoor()
  const provenKeyMemory = createProvenKeyMemory()
  const refusedKeyMemory = createRefusedKeyMemory()
  const addressMemory = createAddressMemory()
  const rateLimitMemory = createRateLimitMemory()
  const documents = createApiDocuments(routeTable, config.version)
  const heldRequests = createHeldRequests()
  const sharedHints = createSharedHints()
  const usageBuffer = createUsageBuffer({ flushAfterMs: overrides.usageFlushMs })
  const exceptions = overrides.exceptions ?? { testKeys: false, loopbackWebhooks: false }
  const alertNotifier = createAlertNotifier(config.alertWebhook, clock, exceptions)

  return ({ requestId, meter, background, network }) => {
    const redis = openRedis(config.redis, meter, overrides.redisTimeoutMs ?? redisTimeoutMs)
    const database = createEdgeDatabase({
      connectionString: config.databaseUrl,
      fetchEndpoint: overrides.neonFetchEndpoint,
      requestTimeoutMs: overrides.databaseTimeoutMs ?? databaseTimeoutMs,
      onRequest: () => meter.database++,
    })
    return {
      version: config.version,
      dashboardOrigin: config.dashboardOrigin,
      apiKeys: createApiKeys(database),
      customers: createCustomers(database),
      instances: createInstances(database),
      pairingLinks,
      messages: createMessages(database),
      servers: createServers(database),
      usage: createUsage(database),
      webhooks: createWebhooks(database, keyRing),
      webhookDeliveries: createWebhookDeliveries(database),
      events: createEvents(database),
      idempotency: createIdempotency(database),
      retention: createRetention(database),
      heldRequests,
      sharedHints,
      usageBuffer,
      keyHash: rememberRefusals(refusedKeyMemory, spareBanned(addressMemory, network, bcryptKeyHash)),
      provenKeys: createProvenKeys(provenKeyMemory, redis, door),
      rateLimiter: createRateLimiter(rateLimitMemory, redis, door, background),
      addressLimiter: createAddressLimiter(addressMemory, network, redis, door),
      gateway: createWorkerGateway({ tokens, requestId, allowPlainHttp: overrides.plainHttpWorkers ?? false }),
      servicePublicKeys: tokens.publicKeys,
      probes: createProbes(database, redis),
      documents,
      admins: createAdmins(database, adminKeyRing),
      adminSessions: createAdminSessions(database),
      alerts: createAlerts(database),
      alertNotifier,
      serviceMetrics: createServiceMetrics(database),
      auditLog: createAuditLog(database),
      customerAccounts: createCustomerAccounts(database),
      customerKeys: createCustomerKeys(database),
      serverChecks: createServerChecks(database),
      serverMetrics: createServerMetrics(database),
      serverRegistry: createServerRegistry(database),
      fleetInstances: createFleetInstances(database),
      adminTokens,
      passwordHash: bcryptPasswordHash,
      totp: otpauthTotp,
      workerCommand: overrides.workerCommand ?? 'npm run worker',
      clock,
      background,
      exceptions,
      ...overrides.services,
    }
  }
}
