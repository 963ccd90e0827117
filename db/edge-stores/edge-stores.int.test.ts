import { describe } from 'vitest'
import { actingOnceConformance } from '#db/testing/acting-once-conformance.ts'
import { adminSessionsConformance } from '#db/testing/admin-sessions-conformance.ts'
import { adminsConformance } from '#db/testing/admins-conformance.ts'
import { alertsConformance } from '#db/testing/alerts-conformance.ts'
import { apiKeysConformance } from '#db/testing/api-keys-conformance.ts'
import { auditLogConformance } from '#db/testing/audit-log-conformance.ts'
import { customerAccountsConformance } from '#db/testing/customer-accounts-conformance.ts'
import { customerKeysConformance } from '#db/testing/customer-keys-conformance.ts'
import { customersConformance } from '#db/testing/customers-conformance.ts'
import { openSqlEdgeStores } from '#db/testing/open-sql-edge-stores.ts'
import { eventsConformance } from '#db/testing/events-conformance.ts'
import { fleetInstancesConformance } from '#db/testing/fleet-instances-conformance.ts'
import { idempotencyConformance } from '#db/testing/idempotency-conformance.ts'
import { instancesConformance } from '#db/testing/instances-conformance.ts'
import { messagesConformance } from '#db/testing/messages-conformance.ts'
import { retentionConformance } from '#db/testing/retention-conformance.ts'
import { serviceMetricsConformance } from '#db/testing/service-metrics-conformance.ts'
import { serverEnrollmentConformance } from '#db/testing/server-enrollment-conformance.ts'
import { serverChecksConformance } from '#db/testing/server-checks-conformance.ts'
import { serverMetricsConformance } from '#db/testing/server-metrics-conformance.ts'
import { serverRegistryConformance } from '#db/testing/server-registry-conformance.ts'
import { serversConformance } from '#db/testing/servers-conformance.ts'
import { usageConformance } from '#db/testing/usage-conformance.ts'
import { webhookDeliveriesConformance } from '#db/testing/webhook-deliveries-conformance.ts'
import { webhooksConformance } from '#db/testing/webhooks-conformance.ts'
import { testDatabaseKinds } from '#local/testing/test-databases.ts'

describe.each(testDatabaseKinds())('on %s, through neon-http', (kind) => {
  const open = () => openSqlEdgeStores(kind)
  apiKeysConformance(open)
  customersConformance(open)
  serversConformance(open)
  serverChecksConformance(open)
  serverMetricsConformance(open)
  serverRegistryConformance(open)
  serverEnrollmentConformance(open)
  fleetInstancesConformance(open)
  instancesConformance(open)
  messagesConformance(open)
  webhooksConformance(open)
  webhookDeliveriesConformance(open)
  eventsConformance(open)
  idempotencyConformance(open)
  actingOnceConformance(open)
  retentionConformance(open)
  adminsConformance(open)
  adminSessionsConformance(open)
  auditLogConformance(open)
  alertsConformance(open)
  serviceMetricsConformance(open)
  usageConformance(open)
  customerAccountsConformance(open)
  customerKeysConformance(open)
})
