import { LRUCache } from 'lru-cache'

/**
 * A cache that forgets what was used least recently beyond `most` entries. It grows with what is in it: bounded by `max`,
 * an LRUCache takes its memory at once, 20 bytes per entry that might come, in every one of a worker's sessions.
 */
export function createGrowingCache<Value extends object | string | boolean>(
  most: number,
  { ttlMs }: { ttlMs?: number } = {},
): LRUCache<string, Value> {
  return new LRUCache({ maxSize: most, sizeCalculation: () => 1, ...(ttlMs !== undefined ? { ttl: ttlMs } : {}) })
}
