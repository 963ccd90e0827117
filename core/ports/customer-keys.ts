import type { ApiKeyId, CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { NewApiKey } from './api-keys.ts'
import type { AuditEntry } from './audit-log.ts'
import type { Once } from './idempotency.ts'

/** A key as lists show it: nothing of it is secret. */
export interface ApiKey {
  id: ApiKeyId
  name: string
  publicId: string
  scopes: Scope[]
  defaultInstanceId: InstanceId | null
  createdAt: Date
  expiresAt: Date | null
  /** To the minute; null before the first use. */
  lastUsedAt: Date | null
  /** Networks in CIDR form that it may be used from; null is everywhere. */
  allowedAddresses: string[] | null
}

export type CreateKeyOutcome =
  | { outcome: 'created'; key: ApiKey }
  | { outcome: 'unknown-customer' }
  | { outcome: 'limit-reached' }
  /** Of the scopes that the key was to get, these are not its maker's. */
  | { outcome: 'beyond-maker'; scopes: Scope[] }

/** Most keys of a customer that are not revoked. */
export const maxKeysPerCustomer = 50

/** The keys of a customer, in its own hands or an admin's. Every change writes its audit entry, both or neither. */
export interface CustomerKeys {
  /** `maker` is the key that asks, if one does: it gives no scope that it lacks now. Effect under a key: `id`. */
  create(
    customerId: CustomerId,
    key: NewApiKey,
    maker: ApiKeyId | undefined,
    audit: AuditEntry,
    once?: Once,
  ): Promise<CreateKeyOutcome>
  /** Those that are not revoked, newest first; undefined when there is no such customer. */
  list(customerId: CustomerId): Promise<ApiKey[] | undefined>
  /**
   * With `keepManager`, the last live key that has the scope `keys:manage` stays: `last-manager`. `unknown` also when it
   * was revoked before.
   */
  revoke(
    customerId: CustomerId,
    keyId: ApiKeyId,
    options: { keepManager: boolean },
    audit: AuditEntry,
  ): Promise<'revoked' | 'unknown' | 'unknown-customer' | 'last-manager'>
  /** Revokes all keys and adds this one. Undefined when there is no such customer. */
  replaceAll(customerId: CustomerId, key: NewApiKey, audit: AuditEntry): Promise<ApiKey | undefined>
}
