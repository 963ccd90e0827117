import type { CustomerId } from '#contracts/ids.ts'
import type { CustomerAccount } from '#core/ports/customer-accounts.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { hintWorkers } from './hint-workers.ts'

const actions = { suspended: 'customer.suspend', active: 'customer.activate' }

/** Suspended, all requests of the customer answer 403 and its sessions stop; active, they run again. Throws NOT_FOUND. */
export async function setCustomerStatus(
  app: Pick<App, 'gateway' | 'background'> & Pick<AdminApp, 'customerAccounts'>,
  actor: AdminActor,
  id: CustomerId,
  status: CustomerAccount['status'],
): Promise<CustomerAccount> {
  const audit = auditOf(actor, { action: actions[status], target: id, customerId: id })
  const account = found('customer', await app.customerAccounts.setStatus(id, status, audit))
  hintWorkers(app, id)
  return account
}
