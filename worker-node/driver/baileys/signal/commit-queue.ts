import type { MessageId } from '#contracts/ids.ts'
import { ChangeRefused, type JournalEntry, type KeyWrite, type SessionChange } from '#core/ports/session-keys.ts'

/** What one statement takes at most; a change that is larger by itself goes alone. */
const mostChanges = 100
const mostBytes = 512 * 1024

/** Beyond this many changes nothing more should be begun: a quarter of it is on its way, the rest waits. */
const roomForChanges = 4 * mostChanges
const roomForBytes = 4 * mostBytes

type Write = (change: SessionChange) => Promise<readonly MessageId[]>

interface Waiting {
  change: SessionChange
  bytes: number
  resolve: (sending: readonly MessageId[]) => void
  reject: (error: unknown) => void
}

/** The changes of one session on their way to the store, as in a write-ahead log: together, and in the order of arrival. */
export interface CommitQueue {
  /** Resolves when the change is durable, with the messages that became `sending` together with it. */
  add(change: SessionChange): Promise<readonly MessageId[]>
  /** The youngest write of a key that is not durable yet. */
  queuedKey(type: string, id: string): KeyWrite | undefined
  /** A plaintext that is not durable yet, when it is. */
  queuedPlaintext(ciphertextHash: Uint8Array): Promise<Uint8Array> | undefined
  /** Resolves as soon as the queue is short enough for more to be begun. */
  room(): Promise<void>
  /** Resolves when nothing is being written. */
  idle(): Promise<void>
}

/**
 * One writer: at most one statement is on its way, and what is added meanwhile goes together in the next. A change that
 * the store refuses for what it holds does not take those before it down: then each is written by itself, up to that one.
 * After the first error everything that waits is refused with it; `onBroken` is called before anybody sees it.
 */
export function createCommitQueue(
  write: Write,
  { onDurable, onBroken }: { onDurable: (change: SessionChange) => void; onBroken: (error: unknown) => void },
): CommitQueue {
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  const load = { changes: 0, bytes: 0 }
  let waitingForRoom: (() => void)[] = []
  const keys = new Map<string, KeyWrite>()
  const plaintexts = new Map<string, Promise<Uint8Array>>()

  const hasRoom = () => load.changes < roomForChanges && load.bytes < roomForBytes

  function leave({ change, bytes }: Waiting): void {
    load.changes--
    load.bytes -= bytes
    for (const key of change.keys ?? [])
      if (keys.get(nameOf(key.type, key.id)) === key) keys.delete(nameOf(key.type, key.id))
    for (const { ciphertextHash } of change.journal ?? []) plaintexts.delete(hashName(ciphertextHash))
  }

  function takeBatch(): Waiting[] {
    let [count, bytes] = [0, 0]
    for (const next of waiting) {
      if (count > 0 && (count === mostChanges || bytes + next.bytes > mostBytes)) break
      count++
      bytes += next.bytes
    }
    return waiting.splice(0, count)
  }

  async function writeBatch(batch: readonly Waiting[]): Promise<void> {
    const change = merge(batch)
    const sending = await write(change)
    onDurable(change)
    batch.forEach(leave)
    for (const { resolve } of batch) resolve(sending)
  }

  /** Throws with what could not be written still in `batch`. */
  async function writeOrPart(batch: Waiting[]): Promise<void> {
    try {
      await writeBatch(batch)
      batch.length = 0
    } catch (error) {
      if (!(error instanceof ChangeRefused) || batch.length === 1) throw error
      for (let next = batch[0]; next !== undefined; next = batch[0]) {
        await writeBatch([next])
        batch.shift()
      }
    }
  }

  async function writeAll(): Promise<void> {
    // What the same turn of the event loop still adds goes along.
    await new Promise((resolve) => setImmediate(resolve))
    while (waiting.length > 0) {
      const batch = takeBatch()
      try {
        await writeOrPart(batch)
      } catch (error) {
        onBroken(error)
        const refused = [...batch, ...waiting]
        waiting = []
        refused.forEach(leave)
        for (const { reject } of refused) reject(error)
      }
      if (hasRoom()) {
        waitingForRoom.forEach((resolve) => resolve())
        waitingForRoom = []
      }
    }
    writing = undefined
  }

  return {
    add(change) {
      const bytes = sizeOf(change)
      load.changes++
      load.bytes += bytes
      // Of a write that keeps what is stored nobody knows yet which of the two it will be.
      for (const key of change.keys ?? []) if (key.insertOnly !== true) keys.set(nameOf(key.type, key.id), key)
      const durable = new Promise<readonly MessageId[]>((resolve, reject) => {
        waiting.push({ change, bytes, resolve, reject })
      })
      for (const { ciphertextHash, plaintext } of change.journal ?? []) {
        const kept = durable.then(() => plaintext)
        kept.catch(ignore)
        plaintexts.set(hashName(ciphertextHash), kept)
      }
      writing ??= writeAll()
      return durable
    },
    queuedKey: (type, id) => keys.get(nameOf(type, id)),
    queuedPlaintext: (hash) => (plaintexts.size === 0 ? undefined : plaintexts.get(hashName(hash))),
    room: () => (hasRoom() ? Promise.resolve() : new Promise((resolve) => waitingForRoom.push(resolve))),
    async idle() {
      await writing
    },
  }
}

/** All changes as one; of two writes of the same key or of the credentials the later one stands. */
function merge(batch: readonly Waiting[]): SessionChange {
  const [only] = batch
  if (batch.length === 1 && only !== undefined) return only.change
  const writes = new Map<string, KeyWrite>()
  const journal: JournalEntry[] = []
  const sending = new Set<MessageId>()
  let credentials: Uint8Array | undefined
  for (const { change } of batch) {
    for (const write of change.keys ?? []) writes.set(nameOf(write.type, write.id), write)
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

function sizeOf({ credentials, keys = [], journal = [] }: SessionChange): number {
  let bytes = credentials?.length ?? 0
  for (const { value } of keys) bytes += value?.length ?? 0
  for (const { plaintext } of journal) bytes += plaintext.length
  return bytes
}

function nameOf(type: string, id: string): string {
  return `${type}/${id}`
}

function hashName(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('base64')
}

function ignore(): void {}
