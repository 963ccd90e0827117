import type { NewApiKeyBody } from '#contracts/http/api-keys.ts'
import type { ApiKey } from '#core/ports/customer-keys.ts'
import type { Once } from '#core/ports/idempotency.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'
import type { Actor } from '#core/verbs/app.ts'
import { auditAt } from '#core/verbs/audit/audit-entry.ts'
import { createdKey } from './created-key.ts'
import { keyDetails, makeKey, type KeyApp } from './make-key.ts'

/** A customer makes a key with another one. Throws FORBIDDEN for a scope that the other lacks, and CONFLICT at the limit. */
export async function createKey(
  app: KeyApp & Pick<AdminApp, 'customerKeys'>,
  { customerId, keyId: maker }: Actor,
  origin: Origin,
  input: NewApiKeyBody,
  once?: Once,
): Promise<{ key: ApiKey; secret: string }> {
  const { key, secret } = await makeKey(app, input)
  const audit = auditAt(origin, {
    adminId: null,
    action: 'api-key.create',
    target: key.keyId,
    customerId,
    details: { ...keyDetails(key), by: maker },
  })
  return { key: createdKey(await app.customerKeys.create(customerId, key, maker, audit, once)), secret }
}
