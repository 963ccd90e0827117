import type { NewApiKeyBody } from '#contracts/http/api-keys.ts'
import type { CustomerId } from '#contracts/ids.ts'
import type { ApiKey } from '#core/ports/customer-keys.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { createdKey } from '#core/verbs/keys/created-key.ts'
import { keyDetails, makeKey, type KeyApp } from '#core/verbs/keys/make-key.ts'

/** An admin makes a key for a customer, of any scopes. Throws NOT_FOUND, and CONFLICT at the limit. */
export async function createCustomerKey(
  app: KeyApp & Pick<AdminApp, 'customerKeys'>,
  actor: AdminActor,
  customerId: CustomerId,
  input: NewApiKeyBody,
): Promise<{ key: ApiKey; secret: string }> {
  const { key, secret } = await makeKey(app, input)
  const audit = auditOf(actor, {
    action: 'api-key.create',
    target: key.keyId,
    customerId,
    details: keyDetails(key),
  })
  return { key: createdKey(await app.customerKeys.create(customerId, key, undefined, audit)), secret }
}
