import type { MessageId } from '#contracts/ids.ts'
import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import { CredentialsCorrupt, type SessionChange, type SessionKeys } from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { createCommitQueue } from './commit-queue.ts'
import { createCommittedKeys } from './committed-keys.ts'
import { decodeKey, type KeyType } from './key-codec.ts'
import { createReadBatcher } from './read-batcher.ts'

/** What one connection reads and writes of its session. */
export interface SessionStore {
  /** As they are stored. Missing ids are missing in the map. */
  get<T extends KeyType>(type: T, ids: readonly string[]): Promise<Map<string, SignalDataTypeMap[T]>>
  /**
   * As they will be when everything that waits is stored. Only for a step whose result leaves after a commit of its own:
   * that commit comes later, and what it is built on is durable by then.
   */
  latest<T extends KeyType>(type: T, ids: readonly string[]): Promise<Map<string, SignalDataTypeMap[T]>>
  /** The plaintext of a ciphertext that came before, once it is durable. */
  findJournaled(ciphertextHash: Uint8Array): Promise<Uint8Array | undefined>
  /**
   * Takes the change at once and resolves when it is durable, with the messages that became `sending` in its transaction.
   * Changes become durable in the order of the calls.
   */
  commit(change: SessionChange): Promise<readonly MessageId[]>
  /** Resolves when few enough changes wait for more to be begun. */
  room(): Promise<void>
  /** From now on nothing is accepted; resolves when nothing is being written any more. */
  seal(): Promise<void>
}

/**
 * The first error of a read or a write ends it: `onBroken` is called before anybody sees the error, because the socket must
 * be closed by then (Baileys would answer a failed decryption with a retry request and a refusal), and everything later
 * fails with the same error.
 */
export function createSessionStore(
  keys: SessionKeys,
  fence: Fence,
  { onJournaled, onBroken }: { onJournaled: () => void; onBroken: (error: unknown) => void },
): SessionStore {
  const reads = createReadBatcher((type, ids) => keys.get(fence.instanceId, type, ids))
  const committedKeys = createCommittedKeys(reads.get)
  let refusal: { error: unknown } | undefined
  const queue = createCommitQueue((change) => keys.commit(fence, change), {
    onDurable(change) {
      committedKeys.committed(change.keys ?? [])
      if (change.journal !== undefined) onJournaled()
    },
    onBroken: breakDown,
  })

  function breakDown(error: unknown): void {
    if (refusal === undefined) {
      refusal = { error }
      onBroken(error)
    }
  }

  async function guarded<T>(read: () => Promise<T>): Promise<T> {
    if (refusal !== undefined) throw refusal.error
    try {
      return await read()
    } catch (error) {
      breakDown(error)
      throw error
    }
  }

  async function read<T extends KeyType>(type: T, ids: readonly string[]): Promise<Map<string, SignalDataTypeMap[T]>> {
    const found = await committedKeys.get(type, ids)
    return new Map([...found].map(([id, bytes]) => [id, decoded(fence, type, bytes)]))
  }

  return {
    get: (type, ids) => guarded(() => read(type, ids)),
    latest<T extends KeyType>(type: T, ids: readonly string[]) {
      return guarded(async () => {
        const found = new Map<string, SignalDataTypeMap[T]>()
        const missing: string[] = []
        for (const id of ids) {
          const known = queue.queuedKey(type, id) ?? committedKeys.known(type, id)
          if (known === undefined) missing.push(id)
          else if (known.value !== null) found.set(id, decoded(fence, type, known.value))
        }
        if (missing.length > 0) for (const [id, value] of await read(type, missing)) found.set(id, value)
        return found
      })
    },
    findJournaled: (hash) =>
      guarded(async () => queue.queuedPlaintext(hash) ?? keys.findJournaled(fence.instanceId, hash)),
    commit: (change) => (refusal === undefined ? queue.add(change) : Promise.reject(refusal.error)),
    room: () => queue.room(),
    async seal() {
      refusal ??= { error: new Error('The connection of this session has ended.') }
      await queue.idle()
    },
  }
}

function decoded<T extends KeyType>({ instanceId }: Fence, type: T, bytes: Uint8Array): SignalDataTypeMap[T] {
  try {
    return decodeKey(type, bytes)
  } catch (cause) {
    throw new CredentialsCorrupt(instanceId, `key (${type})`, { cause })
  }
}
