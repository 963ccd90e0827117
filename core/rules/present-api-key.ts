import type { ApiKeyView } from '#contracts/http/api-keys.ts'
import type { ApiKey } from '#core/ports/customer-keys.ts'

export function presentApiKey(key: ApiKey): ApiKeyView {
  return {
    id: key.id,
    name: key.name,
    public_id: key.publicId,
    scopes: key.scopes,
    default_instance_id: key.defaultInstanceId,
    allowed_addresses: key.allowedAddresses,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  }
}
