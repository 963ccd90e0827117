import { LRUCache } from 'lru-cache'
import type { InstanceId } from '#contracts/ids.ts'
import { CredentialsCorrupt } from '#core/ports/session-keys.ts'
import { sameBytes } from '#core/rules/same-bytes.ts'
import { aesKeyBytes, CannotOpen, importAesKey, type AesKey } from '#db/crypto/aes-gcm.ts'
import type { KeyRing } from '#db/crypto/key-ring.ts'

/** A data key as it is stored: sealed by the session key ring. */
export interface WrappedDataKey {
  keyRingId: string
  wrapped: Uint8Array
}

/** The key under which everything of one instance is encrypted. */
export interface DataKey extends WrappedDataKey {
  key: AesKey
  /** False until a commit has stored it. */
  stored: boolean
}

/** Data keys that this process knows, in memory only. */
export interface DataKeys {
  /** The data key of a stored row. Throws CredentialsCorrupt. */
  unwrap(instanceId: InstanceId, row: WrappedDataKey): Promise<DataKey>
  /** What is known already, else what `load` finds stored, else a new key. Parallel callers get the same one. */
  current(instanceId: InstanceId, load: () => Promise<WrappedDataKey | undefined>): Promise<DataKey>
  forget(instanceId: InstanceId): void
}

/** Twice what a server holds; a key that falls out is unwrapped again. */
const maxRemembered = 1_000

export function createDataKeys(keyRing: KeyRing): DataKeys {
  const known = new LRUCache<InstanceId, DataKey>({ max: maxRemembered })
  const loading = new Map<InstanceId, Promise<DataKey>>()
  const place = (instanceId: InstanceId) => JSON.stringify(['data-key', instanceId])

  async function unwrap(instanceId: InstanceId, { keyRingId, wrapped }: WrappedDataKey): Promise<DataKey> {
    const cached = known.get(instanceId)
    if (cached !== undefined && sameBytes(cached.wrapped, wrapped)) return cached
    try {
      const raw = await keyRing.open(keyRingId, wrapped, place(instanceId))
      // A copy: what `pg` gives may be a view into a larger buffer, which the cache would keep alive.
      const dataKey = { keyRingId, wrapped: wrapped.slice(), key: await importAesKey(raw), stored: true }
      known.set(instanceId, dataKey)
      return dataKey
    } catch (error) {
      if (error instanceof CannotOpen) throw new CredentialsCorrupt(instanceId, 'data key', { cause: error })
      throw error
    }
  }

  async function make(instanceId: InstanceId): Promise<DataKey> {
    const raw = crypto.getRandomValues(new Uint8Array(aesKeyBytes))
    const { keyRingId, sealed } = await keyRing.seal(raw, place(instanceId))
    const dataKey = { keyRingId, wrapped: sealed, key: await importAesKey(raw), stored: false }
    known.set(instanceId, dataKey)
    return dataKey
  }

  return {
    unwrap,
    async current(instanceId, load) {
      const cached = known.get(instanceId)
      if (cached !== undefined) return cached
      const running =
        loading.get(instanceId) ??
        load()
          .then((row) => (row === undefined ? make(instanceId) : unwrap(instanceId, row)))
          .finally(() => loading.delete(instanceId))
      loading.set(instanceId, running)
      return running
    },
    forget: (instanceId) => known.delete(instanceId),
  }
}
