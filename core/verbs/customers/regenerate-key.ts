import type { CustomerId } from '#contracts/ids.ts'
import { scopes } from '#contracts/scopes.ts'
import type { ApiKey } from '#core/ports/customer-keys.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { makeKey, type KeyApp } from '#core/verbs/keys/make-key.ts'

/** For a customer whose keys leaked or are lost: all are revoked, and one of all scopes is shown once. Throws NOT_FOUND. */
export async function regenerateKey(
  app: KeyApp & Pick<AdminApp, 'customerKeys'>,
  actor: AdminActor,
  customerId: CustomerId,
): Promise<{ key: ApiKey; secret: string }> {
  const { key, secret } = await makeKey(app, { name: 'regenerated key', scopes: [...scopes] })
  const audit = auditOf(actor, {
    action: 'api-key.regenerate',
    target: customerId,
    customerId,
    details: { key_id: key.keyId },
  })
  return { key: found('customer', await app.customerKeys.replaceAll(customerId, key, audit)), secret }
}
