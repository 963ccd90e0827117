import type { Store } from '#simulator/store/store.ts'
import type { Device } from './account.ts'
import { deviceKey } from './account.ts'

/** An id in 3 bytes and a public key in 32. */
const ENTRY_LENGTH = 35

interface Batch {
  number: number
  entries: Buffer
}

interface Shelf {
  batches: Batch[]
  nextBatch: number
  /** How many keys of the first batch are gone. */
  taken: number
}

export interface PublicPreKey {
  id: number
  publicKey: Buffer
}

/**
 * The one-time pre-keys that companions uploaded, handed out in order, each once. A batch is one record and the position
 * in it another small one, so that taking a key writes a few bytes and not the 812 keys of a log-in.
 */
export class PreKeyShelves {
  readonly #store: Store
  readonly #shelves = new Map<string, Shelf>()

  constructor(store: Store) {
    this.#store = store
    for (const device of store.groups('pre-keys/')) {
      const shelf = this.#shelfOf(device)
      for (const [batch, entries] of store.entries<string>(`pre-keys/${device}`)) {
        shelf.batches.push({ number: Number(batch), entries: Buffer.from(entries, 'base64') })
        shelf.nextBatch = Number(batch) + 1
      }
    }
    for (const [device, taken] of store.entries<number>('pre-keys-taken')) this.#shelfOf(device).taken = taken
  }

  add(device: Device, keys: PublicPreKey[]): void {
    if (keys.length === 0) return
    const key = keyOf(device)
    const shelf = this.#shelfOf(key)
    const entries = Buffer.alloc(keys.length * ENTRY_LENGTH)
    for (const [index, { id, publicKey }] of keys.entries()) {
      entries.writeUIntBE(id, index * ENTRY_LENGTH, 3)
      entries.set(publicKey, index * ENTRY_LENGTH + 3)
    }
    const number = shelf.nextBatch++
    shelf.batches.push({ number, entries })
    this.#store.put(`pre-keys/${key}`, String(number), entries.toString('base64'))
  }

  take(device: Device): PublicPreKey | undefined {
    const key = keyOf(device)
    const shelf = this.#shelfOf(key)
    const batch = shelf.batches[0]
    if (!batch) return undefined
    const start = shelf.taken * ENTRY_LENGTH
    const entry = batch.entries.subarray(start, start + ENTRY_LENGTH)
    shelf.taken += 1
    if (shelf.taken * ENTRY_LENGTH >= batch.entries.length) {
      shelf.batches.shift()
      shelf.taken = 0
      this.#store.delete(`pre-keys/${key}`, String(batch.number))
    }
    this.#store.put('pre-keys-taken', key, shelf.taken)
    return { id: entry.readUIntBE(0, 3), publicKey: Buffer.from(entry.subarray(3)) }
  }

  count(device: Device): number {
    const shelf = this.#shelfOf(keyOf(device))
    const total = shelf.batches.reduce((sum, batch) => sum + batch.entries.length / ENTRY_LENGTH, 0)
    return total - shelf.taken
  }

  /** Ids of the keys that are left, oldest first. */
  ids(device: Device): number[] {
    const shelf = this.#shelfOf(keyOf(device))
    const ids = shelf.batches.flatMap(({ entries }) =>
      Array.from({ length: entries.length / ENTRY_LENGTH }, (_, index) => entries.readUIntBE(index * ENTRY_LENGTH, 3)),
    )
    return ids.slice(shelf.taken)
  }

  clear(device: Device): void {
    const key = keyOf(device)
    for (const { number } of this.#shelfOf(key).batches) this.#store.delete(`pre-keys/${key}`, String(number))
    this.#store.delete('pre-keys-taken', key)
    this.#shelves.delete(key)
  }

  #shelfOf(key: string): Shelf {
    let shelf = this.#shelves.get(key)
    if (!shelf) this.#shelves.set(key, (shelf = { batches: [], nextBatch: 0, taken: 0 }))
    return shelf
  }
}

function keyOf(device: Device): string {
  return deviceKey({ account: device.account, deviceId: device.id })
}
