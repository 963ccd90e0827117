import type { Account, Device } from '#simulator/accounts/account.ts'
import { deviceKey } from '#simulator/accounts/account.ts'
import type { Store } from '#simulator/store/store.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { restoreNode, storeNode } from '#simulator/wire/stored-node.ts'
import type { StoredNode } from '#simulator/wire/stored-node.ts'
import type { Connections } from './connections.ts'

/** A stanza that a linked device has not confirmed. */
interface Queued {
  /** Number of the account that it came from; '' for the server. */
  from: string
  node: BinaryNode
}

interface StoredEntry {
  from: string
  node: StoredNode
}

/**
 * What is on its way to linked devices: each stanza stays until the device confirms it (a message by its receipt, a
 * receipt or notification by its ack) and is sent again, marked `offline`, whenever the device logs in anew.
 */
export class DeliveryQueue {
  readonly #store: Store
  readonly #connections: Connections
  readonly #queues = new Map<string, Map<number, Queued>>()
  #nextNumber = 1

  constructor(store: Store, connections: Connections) {
    this.#store = store
    this.#connections = connections
    for (const device of store.groups('queue/')) {
      for (const [number, { from, node }] of store.entries<StoredEntry>(`queue/${device}`)) {
        this.#queueOf(device).set(Number(number), { from, node: restoreNode(node) })
        this.#nextNumber = Math.max(this.#nextNumber, Number(number) + 1)
      }
    }
  }

  /** Queues a stanza (its tag is message, receipt or notification) and sends it at once if the device is online. */
  push(device: Device, from: Account | undefined, node: BinaryNode): void {
    const key = keyOf(device)
    const number = this.#nextNumber++
    const queued = { from: from?.number ?? '', node }
    this.#queueOf(key).set(number, queued)
    this.#store.put(`queue/${key}`, String(number), { from: queued.from, node: storeNode(node) })
    const connection = this.#connections.of(device)
    if (connection?.state === 'active') connection.send(node)
  }

  /** The device has confirmed stanzas with this tag and id that came from this account. */
  settle(device: Device, tag: string, id: string, from: Account | undefined): void {
    const key = keyOf(device)
    const queue = this.#queueOf(key)
    for (const [number, queued] of queue) {
      const { node } = queued
      if (node.tag !== tag || node.attrs['id'] !== id || queued.from !== (from?.number ?? '')) continue
      queue.delete(number)
      this.#store.delete(`queue/${key}`, String(number))
    }
    this.#connections.changed.notify()
  }

  waiting(device: Device): BinaryNode[] {
    return [...this.#queueOf(keyOf(device)).values()].map(({ node }) => node)
  }

  size(device: Device): number {
    return this.#queueOf(keyOf(device)).size
  }

  clear(device: Device): void {
    const key = keyOf(device)
    for (const number of this.#queueOf(key).keys()) this.#store.delete(`queue/${key}`, String(number))
    this.#queues.delete(key)
  }

  #queueOf(key: string): Map<number, Queued> {
    let queue = this.#queues.get(key)
    if (!queue) this.#queues.set(key, (queue = new Map()))
    return queue
  }
}

function keyOf(device: Device): string {
  return deviceKey({ account: device.account, deviceId: device.id })
}
