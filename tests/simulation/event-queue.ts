import type { Machine } from './virtual-time.ts'

/** Something that happens at a moment of virtual time. */
export interface Happening {
  at: number
  /** Of two at the same moment the one that was planned first. */
  order: number
  /** Where it happens: it waits while the machine is stopped and is dropped when it is dead. Undefined: outside of all. */
  machine: Machine | undefined
  /** A timer of the machine's own, which does not run while the machine is suspended. */
  timer: boolean
  run: (() => void) | undefined
}

/** A binary heap: the earliest first. */
export class EventQueue {
  readonly #heap: Happening[] = []

  get size(): number {
    return this.#heap.length
  }

  push(item: Happening): void {
    const heap = this.#heap
    let index = heap.push(item) - 1
    while (index > 0) {
      const above = (index - 1) >> 1
      if (!isBefore(item, heap[above]!)) break
      heap[index] = heap[above]!
      index = above
    }
    heap[index] = item
  }

  pop(): Happening | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let index = 0
    for (;;) {
      let below = 2 * index + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1
      if (!isBefore(heap[below]!, last)) break
      heap[index] = heap[below]!
      index = below
    }
    heap[index] = last
    return first
  }

  /** Everything that matches happens later. */
  postpone(ms: number, matches: (item: Happening) => boolean): void {
    const all = this.#heap.splice(0)
    for (const item of all) this.push(matches(item) ? Object.assign(item, { at: item.at + ms }) : item)
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
