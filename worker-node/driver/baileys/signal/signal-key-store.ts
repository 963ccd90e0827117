import type { AuthenticationCreds, SignalDataSet, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys'
import type { KeyWrite } from '#core/ports/session-keys.ts'
import { encodeCredentials } from './credentials-codec.ts'
import { encodeKey, type KeyType } from './key-codec.ts'
import type { SessionStore } from './session-store.ts'

/**
 * Baileys' view of a session's keys. A `set` is durable when it resolves; `transaction` adds nothing. New pre-keys take the
 * count in `credentials` with them, so that none of their ids is ever given out again.
 */
export function createSignalKeyStore(
  store: SessionStore,
  credentials?: AuthenticationCreds,
): SignalKeyStoreWithTransaction {
  return {
    async get<T extends KeyType>(type: T, ids: string[]) {
      return Object.fromEntries(await store.get(type, ids))
    },
    async set(data) {
      const keys = writesOf(data)
      if (keys.length === 0) return
      const counted = credentials?.account && countedBeyond(credentials, keys)
      await store.commit({ keys, ...(counted ? { credentials: encodeCredentials(counted) } : {}) })
    },
    isInTransaction: () => false,
    transaction: (work) => work(),
  }
}

function writesOf(data: SignalDataSet): KeyWrite[] {
  const writes: KeyWrite[] = []
  for (const [type, values] of Object.entries(data) as [KeyType, Record<string, never>][]) {
    for (const [id, value] of Object.entries(values ?? {})) {
      const bytes = value === null || value === undefined ? null : encodeKey(type, value)
      // The server may hand out a pre-key as soon as it was uploaded: its private half is never replaced.
      writes.push({ type, id, value: bytes, ...(type === 'pre-key' && bytes !== null ? { insertOnly: true } : {}) })
    }
  }
  return writes
}

/** The credentials as Baileys is about to make them; undefined when there are no new pre-keys. */
function countedBeyond(credentials: AuthenticationCreds, writes: readonly KeyWrite[]): AuthenticationCreds | undefined {
  const ids = writes.filter(({ insertOnly }) => insertOnly).map(({ id }) => Number(id))
  const next = Math.max(...ids) + 1
  if (!(next > credentials.nextPreKeyId)) return undefined
  return { ...credentials, nextPreKeyId: next, firstUnuploadedPreKeyId: next }
}
