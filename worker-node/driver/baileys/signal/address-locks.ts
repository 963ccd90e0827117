import { Mutex } from 'async-mutex'

/** Mutual exclusion per name within one session. */
export interface AddressLocks {
  /** Runs the work when none of the names is in use by other work. */
  run<T>(names: readonly string[], work: () => Promise<T>): Promise<T>
}

export function createAddressLocks(): AddressLocks {
  const locks = new Map<string, { mutex: Mutex; users: number }>()

  async function holding<T>(name: string, work: () => Promise<T>): Promise<T> {
    const lock = locks.get(name) ?? { mutex: new Mutex(), users: 0 }
    locks.set(name, lock)
    lock.users++
    try {
      return await lock.mutex.runExclusive(work)
    } finally {
      lock.users--
      if (lock.users === 0) locks.delete(name)
    }
  }

  return {
    run(names, work) {
      // Always in the same order, so that two that want the same names cannot wait for each other.
      const inOrder = [...new Set(names)].toSorted()
      return inOrder.reduceRight<typeof work>((inner, name) => () => holding(name, inner), work)()
    },
  }
}
