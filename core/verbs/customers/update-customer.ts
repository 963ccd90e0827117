import type { CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { CustomerAccount } from '#core/ports/customer-accounts.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** Throws NOT_FOUND. */
export async function updateCustomer(
  app: Pick<AdminApp, 'customerAccounts'>,
  actor: AdminActor,
  id: CustomerId,
  changes: { name?: string; plan?: Plan },
): Promise<CustomerAccount> {
  const audit = auditOf(actor, { action: 'customer.update', target: id, customerId: id, details: { ...changes } })
  return found('customer', await app.customerAccounts.update(id, changes, audit))
}
