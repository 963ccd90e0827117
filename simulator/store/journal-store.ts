import { closeSync, existsSync, fdatasync, fsyncSync, ftruncateSync } from 'node:fs'
import { openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import { decodeBatch, encodeBatch } from './batch.ts'
import type { Change } from './batch.ts'
import { lockFolder } from './folder-lock.ts'
import type { Store } from './store.ts'

const FILE_NAME = 'state.journal'
/** The journal is rewritten when it is this many times larger than what it says, and not small. */
const COMPACT_FACTOR = 4
const COMPACT_MIN_BYTES = 16 * 1024 * 1024
const SYNC_INTERVAL_MS = 1000
const NEWLINE = 10

/**
 * A store in one append-only file with a line per batch of changes.
 *
 * `flush` hands a batch to the operating system in one write before anything that depends on it goes to the wire, so a
 * killed process loses nothing that it has shown; the disk is synchronised once a second, so a power failure loses at
 * most that. A batch is applied whole or, when its line was torn, not at all. When most of the file is history, it is
 * replaced by a new one in one rename.
 */
export class JournalStore implements Store {
  readonly #file: string
  readonly #groups = new Map<string, Map<string, string>>()
  readonly #compactMinBytes: number
  readonly #unlock: () => void
  #pending: Change[] = []
  #descriptor: number
  #size = 0
  #liveBytes = 0
  #syncTimer: NodeJS.Timeout | undefined

  /** @throws Error when the folder cannot be written, is in use, or holds a file that is damaged other than at its end */
  constructor(folder: string, options: { compactMinBytes?: number } = {}) {
    this.#compactMinBytes = options.compactMinBytes ?? COMPACT_MIN_BYTES
    this.#file = path.join(folder, FILE_NAME)
    this.#unlock = lockFolder(folder)
    try {
      this.#size = existsSync(this.#file) ? this.#load(readFileSync(this.#file)) : 0
      this.#descriptor = openSync(this.#file, 'a', 0o600)
      ftruncateSync(this.#descriptor, this.#size)
    } catch (error) {
      this.#unlock()
      throw error
    }
    this.#compactIfWorthIt()
  }

  entries<Value>(group: string): [key: string, value: Value][] {
    return [...(this.#groups.get(group) ?? [])].map(([key, text]) => [key, JSON.parse(text) as Value])
  }

  groups(prefix: string): string[] {
    return [...this.#groups.keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
  }

  put(group: string, key: string, value: unknown): void {
    this.#record([group, key, JSON.stringify(value)])
  }

  delete(group: string, key: string): void {
    if (this.#groups.get(group)?.has(key)) this.#record([group, key, null])
  }

  flush(): void {
    if (this.#pending.length === 0) return
    const line = encodeBatch(this.#pending)
    this.#pending = []
    writeFully(this.#descriptor, line)
    this.#size += line.length
    this.#syncSoon()
    this.#compactIfWorthIt()
  }

  close(): void {
    this.flush()
    clearTimeout(this.#syncTimer)
    fsyncSync(this.#descriptor)
    closeSync(this.#descriptor)
    this.#unlock()
  }

  #record(change: Change): void {
    this.#apply(change)
    this.#pending.push(change)
  }

  #apply([group, key, text]: Change): void {
    let records = this.#groups.get(group)
    if (!records) this.#groups.set(group, (records = new Map()))
    const old = records.get(key)
    if (old !== undefined) this.#liveBytes -= old.length
    if (text === null) {
      records.delete(key)
      if (records.size === 0) this.#groups.delete(group)
    } else {
      records.set(key, text)
      this.#liveBytes += text.length
    }
  }

  /** @returns how many bytes hold whole batches */
  #load(content: Buffer): number {
    let start = 0
    for (let number = 1; start < content.length; number += 1) {
      const newline = content.indexOf(NEWLINE, start)
      const changes = newline < 0 ? undefined : decodeBatch(content.subarray(start, newline))
      if (!changes) {
        if (newline < 0 || newline === content.length - 1) return start
        throw new Error(`${this.#file} is damaged at line ${number}: restore it, or remove it to start anew.`)
      }
      for (const change of changes) this.#apply(change)
      start = newline + 1
    }
    return start
  }

  #compactIfWorthIt(): void {
    if (this.#size < this.#compactMinBytes || this.#size < COMPACT_FACTOR * this.#liveBytes) return
    const temporary = `${this.#file}.new`
    const descriptor = openSync(temporary, 'w', 0o600)
    let size = 0
    for (const [group, records] of this.#groups) {
      const line = encodeBatch([...records].map(([key, text]) => [group, key, text]))
      writeFully(descriptor, line)
      size += line.length
    }
    fsyncSync(descriptor)
    closeSync(descriptor)
    renameSync(temporary, this.#file)
    closeSync(this.#descriptor)
    this.#descriptor = openSync(this.#file, 'a', 0o600)
    this.#size = size
  }

  #syncSoon(): void {
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined
      // A failed synchronisation loses nothing yet, and the next write fails loudly if the disk is gone.
      fdatasync(this.#descriptor, () => undefined)
    }, SYNC_INTERVAL_MS).unref()
  }
}

function writeFully(descriptor: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}
