import type { ApiKeyId, CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { Terms } from '#core/rules/limits-of.ts'

/** What a presented key is compared with. */
export interface StoredApiKey extends Terms {
  keyId: ApiKeyId
  customerId: CustomerId
  /** bcrypt of the whole key. */
  secretHash: string
}

/** Whether a key and its customer are usable now and from there, and for what. Read from PostgreSQL on every request. */
export interface KeyStanding extends Terms {
  keyLive: boolean
  /** The key may be used from the address that asks. */
  addressAllowed: boolean
  /** Its last use was written down within `useRecordedForMs`. */
  useRecorded: boolean
  customerStatus: 'active' | 'suspended' | 'deleted'
  scopes: Scope[]
}

/** The last use of a key is this exact. */
export const useRecordedForMs = 60_000

export interface ApiKeys {
  /** Revoked and expired keys are found as well: whether a key is live is `standing`'s matter. */
  findByPublicId(publicId: string): Promise<StoredApiKey | undefined>
  /** `address` is where the request comes from, null if nobody knows. Undefined when there is no such key. */
  standing(keyId: ApiKeyId, address: string | null): Promise<KeyStanding | undefined>
  /** Writes down that the key is used now, unless that was done within `useRecordedForMs`. */
  recordUse(keyId: ApiKeyId): Promise<void>
}

export interface NewApiKey {
  keyId: ApiKeyId
  publicId: string
  secretHash: string
  name: string
  scopes: readonly Scope[]
  defaultInstanceId?: InstanceId
  expiresAt?: Date
  /** Networks in CIDR form that the key may be used from; everywhere if absent. */
  allowedAddresses?: string[]
}

/**
 * What was proven once by bcrypt: the SHA-256 of a key (hex) belongs to this key. Never changes, may be forgotten. The terms
 * are a hint for rate limits; the database decides quotas.
 */
export interface ProvenKey extends Terms {
  keyId: ApiKeyId
  customerId: CustomerId
}

/** Memory of proofs, so that bcrypt runs once per key and not per request. Losing it costs time, nothing else. */
export interface ProvenKeys {
  /** What this process remembers. Synchronous, so that nothing can happen between look and use. */
  peek(keySha256: string): ProvenKey | undefined
  /** What this process or, if need be, another one remembers. */
  recall(keySha256: string): Promise<ProvenKey | undefined>
  /** This process remembers before the call returns, the others when it resolves. Never rejects. */
  remember(keySha256: string, proven: ProvenKey): Promise<void>
}
