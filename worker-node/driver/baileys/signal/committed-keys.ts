import { LRUCache } from 'lru-cache'
import type { KeyWrite } from '#core/ports/session-keys.ts'

type Read = (type: string, ids: readonly string[]) => Promise<Map<string, Uint8Array>>

/** What one connection may keep: some fifty sessions. An idle one keeps next to nothing. */
const mostBytes = 128 * 1024

/** Beside the value: its name and the cache's own records. */
const overheadBytes = 150

/** Read once in its life, and there are hundreds of them. */
const neverKept = 'pre-key'

/** The store as it was last committed, kept in memory as far as it is small. */
export interface CommittedKeys {
  get: Read
  /** What is kept of a key, without asking the store; undefined when nothing is. */
  known(type: string, id: string): { value: Uint8Array | null } | undefined
  /** To be called when these are durable, and no sooner. */
  committed(writes: readonly KeyWrite[]): void
}

/**
 * Spares reading again what this connection has read or written: it is the only writer of its keys. Never ahead of the
 * store: a write gets here after its commit, and the first failed one ends the connection together with this cache. Keeps
 * the stored bytes, also that there are none; what is made of them is made anew for everybody who asks.
 */
export function createCommittedKeys(read: Read): CommittedKeys {
  const kept = new LRUCache<string, { value: Uint8Array | null }>({
    maxSize: mostBytes,
    sizeCalculation: ({ value }, name) => overheadBytes + name.length + (value?.length ?? 0),
  })
  /** For each read that is under way, what was committed since it began: its answer may be older. */
  const overtaken = new Set<Set<string>>()

  async function readMissing(type: string, ids: readonly string[]): Promise<Map<string, Uint8Array>> {
    const committedSince = new Set<string>()
    overtaken.add(committedSince)
    try {
      const found = await read(type, ids)
      for (const id of ids) {
        const name = nameOf(type, id)
        if (!committedSince.has(name)) kept.set(name, { value: found.get(id) ?? null })
      }
      return found
    } finally {
      overtaken.delete(committedSince)
    }
  }

  return {
    known: (type, id) => kept.get(nameOf(type, id)),
    async get(type, ids) {
      if (type === neverKept) return read(type, ids)
      const found = new Map<string, Uint8Array>()
      const missing: string[] = []
      for (const id of ids) {
        const known = kept.get(nameOf(type, id))
        if (known === undefined) missing.push(id)
        else if (known.value !== null) found.set(id, known.value)
      }
      if (missing.length > 0) for (const [id, value] of await readMissing(type, missing)) found.set(id, value)
      return found
    },
    committed(writes) {
      for (const { type, id, value, insertOnly = false } of writes) {
        const name = nameOf(type, id)
        for (const committedSince of overtaken) committedSince.add(name)
        // Which of the two values the store kept is not known.
        if (insertOnly) kept.delete(name)
        else if (type !== neverKept) kept.set(name, { value })
      }
    },
  }
}

function nameOf(type: string, id: string): string {
  return `${type}/${id}`
}
