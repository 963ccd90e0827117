/**
 * Where the simulator keeps what must survive it: JSON values by group and key. Whoever owns a kind of record keeps the
 * live objects himself, loads them once with `entries`, and writes through.
 */
export interface Store {
  /** The records of one group, by key, in the order of their first writing. */
  entries<Value>(group: string): [key: string, value: Value][]
  /** The rest of the names of all groups that begin with `prefix`. */
  groups(prefix: string): string[]
  put(group: string, key: string, value: unknown): void
  delete(group: string, key: string): void
  /** Makes everything so far durable against a kill of this process. Called before anything goes to the wire. */
  flush(): void
  close(): void
}

/** Forgets everything: for simulators without a folder, whose live objects are all there is. */
export const noStore: Store = {
  entries: () => [],
  groups: () => [],
  put: () => undefined,
  delete: () => undefined,
  flush: () => undefined,
  close: () => undefined,
}
