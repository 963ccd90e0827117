import type { CustomerId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { hintWorkers } from './hint-workers.ts'

/** Its keys open nothing any more, its sessions stop and their credentials are erased. Throws NOT_FOUND. */
export async function deleteCustomer(
  app: Pick<App, 'gateway' | 'background'> & Pick<AdminApp, 'customerAccounts'>,
  actor: AdminActor,
  id: CustomerId,
): Promise<void> {
  const audit = auditOf(actor, { action: 'customer.delete', target: id, customerId: id })
  if (!(await app.customerAccounts.remove(id, audit))) throw notFound('customer')
  hintWorkers(app, id)
}
