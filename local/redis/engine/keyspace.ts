import { RedisError } from '#local/redis/redis-backend.ts'

export interface RedisTypes {
  string: string
  hash: Map<string, string>
  set: Set<string>
  zset: Map<string, number>
}

export type RedisType = keyof RedisTypes

type Entry = { [T in RedisType]: { type: T; value: RedisTypes[T]; expiresAtMs: number | undefined } }[RedisType]

const emptyValue: { [T in RedisType]: () => RedisTypes[T] } = {
  string: () => '',
  hash: () => new Map(),
  set: () => new Set(),
  zset: () => new Map(),
}

/** All keys with their values and times of expiry. A key whose time has come is gone at the next look. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>()
  readonly now: () => number

  constructor(now: () => number) {
    this.now = now
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key)
    if (entry?.expiresAtMs === undefined || entry.expiresAtMs > this.now()) return entry
    this.#entries.delete(key)
    return undefined
  }

  /** The value to read; throws WRONGTYPE when the key holds something else. */
  read<T extends RedisType>(key: string, type: T): RedisTypes[T] | undefined {
    const entry = this.#live(key)
    if (entry === undefined) return undefined
    if (entry.type === type) return entry.value as RedisTypes[T]
    throw new RedisError('WRONGTYPE Operation against a key holding the wrong kind of value')
  }

  /** The collection to change, made if missing. Call `dropIfEmpty` after taking members away. */
  open<T extends 'hash' | 'set' | 'zset'>(key: string, type: T): RedisTypes[T] {
    const found = this.read(key, type)
    if (found !== undefined) return found
    const value = emptyValue[type]()
    this.#entries.set(key, { type, value, expiresAtMs: undefined } as Entry)
    return value
  }

  /** Sets a string, whatever was there. Its time of expiry goes unless `expiresAtMs` gives one. */
  writeString(key: string, value: string, expiresAtMs?: number): void {
    this.#entries.set(key, { type: 'string', value, expiresAtMs })
  }

  /** Redis keeps no empty collections. */
  dropIfEmpty(key: string): void {
    const entry = this.#entries.get(key)
    if (entry && entry.type !== 'string' && entry.value.size === 0) this.#entries.delete(key)
  }

  type(key: string): RedisType | undefined {
    return this.#live(key)?.type
  }

  delete(key: string): boolean {
    return this.#live(key) !== undefined && this.#entries.delete(key)
  }

  expiresAtMs(key: string): number | undefined {
    return this.#live(key)?.expiresAtMs
  }

  /** A time that has passed deletes the key, as in Redis. */
  expireAt(key: string, expiresAtMs: number | undefined): void {
    const entry = this.#live(key)
    if (entry) entry.expiresAtMs = expiresAtMs
    this.#live(key)
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.#live(key) !== undefined)
  }

  clear(): void {
    this.#entries.clear()
  }
}
