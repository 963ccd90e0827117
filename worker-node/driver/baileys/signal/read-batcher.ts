type Read = (type: string, ids: readonly string[]) => Promise<Map<string, Uint8Array>>

interface Batch {
  ids: Set<string>
  found: Promise<Map<string, Uint8Array>>
}

/** Turns the reads of one type that are asked for in the same turn of the event loop into one. Remembers nothing. */
export function createReadBatcher(read: Read): { get: Read } {
  const open = new Map<string, Batch>()

  function openBatch(type: string): Batch {
    const ids = new Set<string>()
    const found = new Promise((resolve) => setImmediate(resolve)).then(() => {
      open.delete(type)
      return read(type, [...ids])
    })
    const batch = { ids, found }
    open.set(type, batch)
    return batch
  }

  return {
    async get(type, ids) {
      if (ids.length === 0) return new Map()
      const batch = open.get(type) ?? openBatch(type)
      for (const id of ids) batch.ids.add(id)
      const found = await batch.found
      return new Map([...found].filter(([id]) => ids.includes(id)))
    },
  }
}
