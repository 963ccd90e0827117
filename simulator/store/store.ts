/**
 * Where the simulator keeps what must survive it: JSON values by key. Whoever owns a kind of record keeps the live objects
 * himself, loads them once with `entries`, and writes through.
 */
export interface Store {
  /** All records whose key begins with `prefix`, by the rest of their key, in the order of their first writing. */
  entries<Value>(prefix: string): [key: string, value: Value][]
  put(key: string, value: unknown): void
  delete(key: string): void
  /** Makes everything so far durable against a kill of this process. Called before anything goes to the wire. */
  flush(): void
  close(): void
}

/** Forgets everything: for simulators without a folder, whose live objects are all there is. */
export const noStore: Store = {
  entries: () => [],
  put: () => undefined,
  delete: () => undefined,
  flush: () => undefined,
  close: () => undefined,
}
