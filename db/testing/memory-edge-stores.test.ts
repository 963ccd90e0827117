import { describe } from 'vitest'
import { actingOnceConformance } from './acting-once-conformance.ts'
import { adminSessionsConformance } from './admin-sessions-conformance.ts'
import { adminsConformance } from './admins-conformance.ts'
import { alertsConformance } from './alerts-conformance.ts'
import { apiKeysConformance } from './api-keys-conformance.ts'
import { auditLogConformance } from './audit-log-conformance.ts'
import { customerAccountsConformance } from './customer-accounts-conformance.ts'
import { customerKeysConformance } from './customer-keys-conformance.ts'
import { customersConformance } from './customers-conformance.ts'
import { openMemoryEdgeStores } from './open-memory-edge-stores.ts'
import { eventsConformance } from './events-conformance.ts'
import { fleetInstancesConformance } from './fleet-instances-conformance.ts'
import { idempotencyConformance } from './idempotency-conformance.ts'
import { instancesConformance } from './instances-conformance.ts'
import { messagesConformance } from './messages-conformance.ts'
import { retentionConformance } from './retention-conformance.ts'
import { serviceMetricsConformance } from './service-metrics-conformance.ts'
import { serverEnrollmentConformance } from './server-enrollment-conformance.ts'
import { serverChecksConformance } from './server-checks-conformance.ts'
import { serverMetricsConformance } from './server-metrics-conformance.ts'
import { serverRegistryConformance } from './server-registry-conformance.ts'
import { serversConformance } from './servers-conformance.ts'
import { usageConformance } from './usage-conformance.ts'
import { webhookDeliveriesConformance } from './webhook-deliveries-conformance.ts'
import { webhooksConformance } from './webhooks-conformance.ts'

describe('on the fakes', () => {
  apiKeysConformance(openMemoryEdgeStores)
  customersConformance(openMemoryEdgeStores)
  serversConformance(openMemoryEdgeStores)
  serverChecksConformance(openMemoryEdgeStores)
  serverMetricsConformance(openMemoryEdgeStores)
  serverRegistryConformance(openMemoryEdgeStores)
  serverEnrollmentConformance(openMemoryEdgeStores)
  fleetInstancesConformance(openMemoryEdgeStores)
  instancesConformance(openMemoryEdgeStores)
  messagesConformance(openMemoryEdgeStores)
  webhooksConformance(openMemoryEdgeStores)
  webhookDeliveriesConformance(openMemoryEdgeStores)
  eventsConformance(openMemoryEdgeStores)
  idempotencyConformance(openMemoryEdgeStores)
  actingOnceConformance(openMemoryEdgeStores)
  retentionConformance(openMemoryEdgeStores)
  adminsConformance(openMemoryEdgeStores)
  adminSessionsConformance(openMemoryEdgeStores)
  auditLogConformance(openMemoryEdgeStores)
  alertsConformance(openMemoryEdgeStores)
  serviceMetricsConformance(openMemoryEdgeStores)
  usageConformance(openMemoryEdgeStores)
  customerAccountsConformance(openMemoryEdgeStores)
  customerKeysConformance(openMemoryEdgeStores)
})
