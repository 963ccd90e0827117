import type { CustomerId } from '#contracts/ids.ts'
import type { CustomerAccount, CustomerChanges } from '#core/ports/customer-accounts.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { requireServer } from './require-server.ts'

/** Throws NOT_FOUND, and VALIDATION_ERROR when its server is none. */
export async function updateCustomer(
  app: Pick<AdminApp, 'customerAccounts'> & Pick<App, 'servers'>,
  actor: AdminActor,
  id: CustomerId,
  changes: CustomerChanges,
): Promise<CustomerAccount> {
  await requireServer(app, changes.assignedServerId)
  const audit = auditOf(actor, { action: 'customer.update', target: id, customerId: id, details: { ...changes } })
  return found('customer', await app.customerAccounts.update(id, changes, audit))
}
