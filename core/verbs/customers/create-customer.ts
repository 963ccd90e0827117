import { newId } from '#contracts/ids.ts'
import { scopes } from '#contracts/scopes.ts'
import type { CustomerAccount, NewCustomer } from '#core/ports/customer-accounts.ts'
import type { ApiKey } from '#core/ports/customer-keys.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import type { App } from '#core/verbs/app.ts'
import { makeKey, type KeyApp } from '#core/verbs/keys/make-key.ts'
import { requireServer } from './require-server.ts'

/** With a first key of all scopes, whose secret is shown this once. Throws VALIDATION_ERROR when its server is none. */
export async function createCustomer(
  app: KeyApp & Pick<AdminApp, 'customerAccounts'> & Pick<App, 'servers'>,
  actor: AdminActor,
  input: Omit<NewCustomer, 'id'>,
): Promise<{ customer: CustomerAccount; key: ApiKey; secret: string }> {
  await requireServer(app, input.assignedServerId)
  const id = newId('customer')
  const { key, secret } = await makeKey(app, { name: 'first key', scopes: [...scopes] })
  const audit = auditOf(actor, {
    action: 'customer.create',
    target: id,
    customerId: id,
    details: { ...input, key_id: key.keyId },
  })
  await app.customerAccounts.create({ id, ...input }, key, audit)
  const { customer, apiKeys } = found('customer', await app.customerAccounts.details(id))
  return { customer, key: found('api_key', apiKeys[0]), secret }
}
