import type { CustomerId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'

/** Throws NOT_FOUND of the customer itself, before anything is said about what it has. */
export async function requireCustomer(app: Pick<AdminApp, 'customerAccounts'>, customerId: CustomerId): Promise<void> {
  found('customer', await app.customerAccounts.details(customerId))
}
