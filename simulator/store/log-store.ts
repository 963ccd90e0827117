import { createHash } from 'node:crypto'
import { closeSync, existsSync, fdatasync, fsyncSync, ftruncateSync, mkdirSync } from 'node:fs'
import { openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import path from 'node:path'
import type { Store } from './store.ts'

const FILE_NAME = 'simulator.log'
/** The log is rewritten when it is this many times larger than what it says, and not small. */
const COMPACT_FACTOR = 4
const COMPACT_MIN_BYTES = 16 * 1024 * 1024
const SYNC_INTERVAL_MS = 1000

type Change = [key: string, value: string | null]

/**
 * A key-value store as one append-only file: a line per batch, `<checksum> <JSON array of [key, JSON value | null]>`.
 *
 * `flush` hands a batch to the operating system in one write before anything that depends on it goes to the wire, so a
 * killed process loses nothing that it has shown; the disk is synchronised once a second, so a power failure loses at
 * most that. A batch is applied whole or, when its line was torn, not at all.
 */
export class LogStore implements Store {
  readonly #file: string
  readonly #values = new Map<string, string>()
  #pending: Change[] = []
  #descriptor: number
  #size = 0
  #liveBytes = 0
  #syncTimer: NodeJS.Timeout | undefined

  /** @throws Error when the folder cannot be written or the file is damaged other than at its end */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#file = path.join(folder, FILE_NAME)
    const goodBytes = existsSync(this.#file) ? this.#load(readFileSync(this.#file)) : 0
    this.#descriptor = openSync(this.#file, 'a', 0o600)
    ftruncateSync(this.#descriptor, goodBytes)
    this.#size = goodBytes
    this.#compactIfWorthIt()
  }

  entries<Value>(prefix: string): [key: string, value: Value][] {
    const found: [string, Value][] = []
    for (const [key, value] of this.#values) {
      if (key.startsWith(prefix)) found.push([key.slice(prefix.length), JSON.parse(value) as Value])
    }
    return found
  }

  put(key: string, value: unknown): void {
    const text = JSON.stringify(value)
    this.#apply(key, text)
    this.#pending.push([key, text])
  }

  delete(key: string): void {
    if (!this.#values.has(key)) return
    this.#apply(key, null)
    this.#pending.push([key, null])
  }

  flush(): void {
    if (this.#pending.length === 0) return
    const line = Buffer.from(encodeBatch(this.#pending))
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
  }

  #apply(key: string, text: string | null): void {
    const old = this.#values.get(key)
    if (old !== undefined) this.#liveBytes -= key.length + old.length
    if (text === null) {
      this.#values.delete(key)
    } else {
      this.#values.set(key, text)
      this.#liveBytes += key.length + text.length
    }
  }

  /** @returns how many bytes hold whole batches */
  #load(content: Buffer): number {
    let start = 0
    for (let number = 1; start < content.length; number += 1) {
      const newline = content.indexOf(10, start)
      const changes = newline < 0 ? undefined : decodeBatch(content.toString('utf8', start, newline))
      if (!changes) {
        const isLast = newline < 0 || newline === content.length - 1
        if (isLast) return start
        throw new Error(`${this.#file} is damaged at line ${number}: restore it, or remove it to start anew.`)
      }
      for (const [key, value] of changes) this.#apply(key, value)
      start = newline + 1
    }
    return start
  }

  #compactIfWorthIt(): void {
    if (this.#size < COMPACT_MIN_BYTES || this.#size < COMPACT_FACTOR * this.#liveBytes) return
    const temporary = `${this.#file}.new`
    const descriptor = openSync(temporary, 'w', 0o600)
    let size = 0
    for (const entry of this.#values) {
      const line = Buffer.from(encodeBatch([entry]))
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
      // A failed synchronisation is not lost data yet: the next flush will fail loudly if the disk is gone.
      fdatasync(this.#descriptor, () => undefined)
    }, SYNC_INTERVAL_MS).unref()
  }
}

function encodeBatch(changes: Change[]): string {
  const json = JSON.stringify(changes)
  return `${checksumOf(json)} ${json}\n`
}

function decodeBatch(line: string): Change[] | undefined {
  const space = line.indexOf(' ')
  const json = line.slice(space + 1)
  return space > 0 && checksumOf(json) === line.slice(0, space) ? (JSON.parse(json) as Change[]) : undefined
}

function checksumOf(text: string): string {
  return createHash('md5').update(text).digest('hex').slice(0, 8)
}

function writeFully(descriptor: number, bytes: Buffer): void {
  let written = 0
  while (written < bytes.length) written += writeSync(descriptor, bytes, written)
}
