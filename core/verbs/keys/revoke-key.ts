import { ApiError } from '#contracts/errors.ts'
import type { ApiKeyId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'
import type { Actor } from '#core/verbs/app.ts'
import { auditAt } from '#core/verbs/audit/audit-entry.ts'

/** Throws NOT_FOUND, and CONFLICT when no key would be left that may manage keys. */
export async function revokeKey(
  app: Pick<AdminApp, 'customerKeys'>,
  { customerId, keyId: by }: Actor,
  origin: Origin,
  keyId: ApiKeyId,
): Promise<void> {
  const audit = auditAt(origin, {
    adminId: null,
    action: 'api-key.revoke',
    target: keyId,
    customerId,
    details: { by },
  })
  const outcome = await app.customerKeys.revoke(customerId, keyId, { keepManager: true }, audit)
  if (outcome === 'unknown' || outcome === 'unknown-customer') throw notFound('api_key')
  if (outcome === 'last-manager') {
    throw new ApiError('CONFLICT', 'This is the last key that may manage keys; make another one first.')
  }
}
