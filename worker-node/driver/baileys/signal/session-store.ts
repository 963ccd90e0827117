import type { MessageId } from '#contracts/ids.ts'
import type { SignalDataTypeMap } from '@whiskeysockets/baileys'
import {
  CredentialsCorrupt,
  type JournalEntry,
  type KeyWrite,
  type SessionChange,
  type SessionKeys,
} from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { createCommittedKeys } from './committed-keys.ts'
import { decodeKey, type KeyType } from './key-codec.ts'
import { createReadBatcher } from './read-batcher.ts'

/** What one connection reads and writes of its session. */
export interface SessionStore {
  /** Missing ids are missing in the map. */
  get<T extends KeyType>(type: T, ids: readonly string[]): Promise<Map<string, SignalDataTypeMap[T]>>
  findJournaled(ciphertextHash: Uint8Array): Promise<Uint8Array | undefined>
  /**
   * Resolves when the change is durable, with the messages that became `sending` in its transaction. Changes become durable
   * in the order of the calls.
   */
  commit(change: SessionChange): Promise<readonly MessageId[]>
  /** From now on nothing is accepted; resolves when nothing is being written any more. */
  seal(): Promise<void>
}

interface Waiting {
  change: SessionChange
  resolve: (sending: readonly MessageId[]) => void
  reject: (error: unknown) => void
}

/**
 * One writer per connection: at most one transaction runs, and what arrives meanwhile goes together in the next, so that
 * the ciphertexts of one message for several devices cost one transaction. The first error of a read or a write ends it:
 * `onBroken` is called before anybody sees the error, because the socket must be closed by then (Baileys would answer a
 * failed decryption with a retry request and a refusal), and everything later fails with the same error.
 */
export function createSessionStore(
  keys: SessionKeys,
  fence: Fence,
  { onJournaled, onBroken }: { onJournaled: () => void; onBroken: (error: unknown) => void },
): SessionStore {
  const reads = createReadBatcher((type, ids) => keys.get(fence.instanceId, type, ids))
  const committedKeys = createCommittedKeys(reads.get)
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  let refusal: { error: unknown } | undefined

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

  async function writeAll(): Promise<void> {
    // What the same turn of the event loop still adds goes along.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      const change = merge(batch)
      try {
        const sending = await keys.commit(fence, change)
        committedKeys.committed(change.keys ?? [])
        for (const { resolve } of batch) resolve(sending)
        if (change.journal !== undefined) onJournaled()
      } catch (error) {
        breakDown(error)
        for (const { reject } of [...batch, ...waiting]) reject(error)
        waiting = []
      }
    }
    writing = undefined
  }

  return {
    get: (type, ids) =>
      guarded(async () => {
        const found = await committedKeys.get(type, ids)
        return new Map([...found].map(([id, bytes]) => [id, decoded(fence, type, bytes)]))
      }),
    findJournaled: (hash) => guarded(() => keys.findJournaled(fence.instanceId, hash)),
    commit(change) {
      if (refusal !== undefined) return Promise.reject(refusal.error)
      return new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject })
        writing ??= writeAll()
      })
    },
    async seal() {
      refusal ??= { error: new Error('The connection of this session has ended.') }
      await writing
    },
  }
}

/** All changes as one; of two writes of the same key or of the credentials the later one stands. */
function merge(batch: readonly Waiting[]): SessionChange {
  const writes = new Map<string, KeyWrite>()
  const journal: JournalEntry[] = []
  const sending = new Set<MessageId>()
  let credentials: Uint8Array | undefined
  for (const { change } of batch) {
    for (const write of change.keys ?? []) writes.set(`${write.type}/${write.id}`, write)
    journal.push(...(change.journal ?? []))
    for (const messageId of change.sending ?? []) sending.add(messageId)
    credentials = change.credentials ?? credentials
  }
  return {
    ...(credentials !== undefined ? { credentials } : {}),
    ...(writes.size > 0 ? { keys: [...writes.values()] } : {}),
    ...(journal.length > 0 ? { journal } : {}),
    ...(sending.size > 0 ? { sending: [...sending] } : {}),
  }
}

function decoded<T extends KeyType>({ instanceId }: Fence, type: T, bytes: Uint8Array): SignalDataTypeMap[T] {
  try {
    return decodeKey(type, bytes)
  } catch (cause) {
    throw new CredentialsCorrupt(instanceId, `key (${type})`, { cause })
  }
}
