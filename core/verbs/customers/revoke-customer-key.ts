import type { ApiKeyId, CustomerId } from '#contracts/ids.ts'
import { notFound } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'

/** An admin may revoke the last one too. Throws NOT_FOUND. */
export async function revokeCustomerKey(
  app: Pick<AdminApp, 'customerKeys'>,
  actor: AdminActor,
  customerId: CustomerId,
  keyId: ApiKeyId,
): Promise<void> {
  const audit = auditOf(actor, { action: 'api-key.revoke', target: keyId, customerId })
  const outcome = await app.customerKeys.revoke(customerId, keyId, { keepManager: false }, audit)
  if (outcome === 'unknown-customer') throw notFound('customer')
  if (outcome !== 'revoked') throw notFound('api_key')
}
