import type { Store } from '#simulator/store/store.ts'

/** Something with bytes to write once what they promise is durable. */
export interface Writer {
  write(): void
}

/**
 * Commit, then wire: whatever a turn of the event loop wants to send waits for its end; then the state changes of the
 * whole turn go to the store in one write, and only after that the bytes of every connection go out.
 */
export class Outgoing {
  readonly #store: Store
  #waiting = new Set<Writer>()
  #scheduled = false
  #closed = false

  constructor(store: Store) {
    this.#store = store
  }

  add(writer: Writer): void {
    this.#waiting.add(writer)
    this.schedule()
  }

  /** Makes state durable at the end of this turn even when nothing is to be sent. */
  schedule(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    setImmediate(() => this.flush())
  }

  /** Resolves when everything that has happened so far is durable. */
  async settled(): Promise<void> {
    if (!this.#closed) await new Promise<void>((resolve) => this.add({ write: resolve }))
  }

  /** Writes what waits, and ignores what comes later: the store may be closed after this. */
  close(): void {
    this.flush()
    this.#closed = true
  }

  flush(): void {
    this.#scheduled = false
    if (this.#closed) return
    this.#store.flush()
    const writers = this.#waiting
    this.#waiting = new Set()
    for (const writer of writers) writer.write()
  }
}
