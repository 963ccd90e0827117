import type { Account, Device } from '#simulator/accounts/account.ts'
import { deviceKey } from '#simulator/accounts/account.ts'
import type { Store } from '#simulator/store/store.ts'
import type { BinaryNode } from '#simulator/wire/node.ts'
import { restoreNode, storeNode } from '#simulator/wire/stored-node.ts'
import type { StoredNode } from '#simulator/wire/stored-node.ts'
import type { Connections } from './connections.ts'

/** The stanzas that one device has not confirmed, by number, and the numbers of each (tag, id, sender). */
interface Queue {
  nodes: Map<number, BinaryNode>
  numbers: Map<string, number[]>
}

interface StoredEntry {
  /** Number of the account that it came from; '' for the server. */
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
  readonly #queues = new Map<string, Queue>()
  #nextNumber = 1

  constructor(store: Store, connections: Connections) {
    this.#store = store
    this.#connections = connections
    for (const device of store.groups('queue/')) {
      for (const [number, { from, node }] of store.entries<StoredEntry>(`queue/${device}`)) {
        enqueue(this.#queueOf(device), Number(number), from, restoreNode(node))
        this.#nextNumber = Math.max(this.#nextNumber, Number(number) + 1)
      }
    }
  }

  /** Queues a stanza (its tag is message, receipt or notification) and sends it at once if the device is online. */
  push(device: Device, from: Account | undefined, node: BinaryNode): void {
    const key = keyOf(device)
    const number = this.#nextNumber++
    enqueue(this.#queueOf(key), number, from?.number ?? '', node)
    this.#store.put(`queue/${key}`, String(number), { from: from?.number ?? '', node: storeNode(node) })
    const connection = this.#connections.of(device)
    if (connection?.state === 'active') connection.send(node)
  }

  /** The device has confirmed stanzas with this tag and id that came from this account. */
  settle(device: Device, tag: string, id: string, from: Account | undefined): void {
    const key = keyOf(device)
    const { nodes, numbers } = this.#queueOf(key)
    const index = indexOf(tag, id, from?.number ?? '')
    for (const number of numbers.get(index) ?? []) {
      nodes.delete(number)
      this.#store.delete(`queue/${key}`, String(number))
    }
    numbers.delete(index)
    this.#connections.changed.notify()
  }

  waiting(device: Device): BinaryNode[] {
    return [...this.#queueOf(keyOf(device)).nodes.values()]
  }

  size(device: Device): number {
    return this.#queueOf(keyOf(device)).nodes.size
  }

  clear(device: Device): void {
    const key = keyOf(device)
    for (const number of this.#queueOf(key).nodes.keys()) this.#store.delete(`queue/${key}`, String(number))
    this.#queues.delete(key)
  }

  #queueOf(key: string): Queue {
    let queue = this.#queues.get(key)
    if (!queue) this.#queues.set(key, (queue = { nodes: new Map(), numbers: new Map() }))
    return queue
  }
}

function enqueue({ nodes, numbers }: Queue, number: number, from: string, node: BinaryNode): void {
  nodes.set(number, node)
  const index = indexOf(node.tag, node.attrs['id'] ?? '', from)
  numbers.set(index, [...(numbers.get(index) ?? []), number])
}

/** What a confirmation names; `from` is the number of the account that the stanza came from, '' for the server. */
function indexOf(tag: string, id: string, from: string): string {
  return `${tag} ${from} ${id}`
}

function keyOf(device: Device): string {
  return deviceKey({ account: device.account, deviceId: device.id })
}
