import type { KeyWrite } from '#core/ports/session-keys.ts'

/** What a list of key writes comes to, one write per key. */
export interface MergedKeyWrites {
  puts: { type: string; id: string; value: Uint8Array; insertOnly: boolean }[]
  deletes: { type: string; id: string }[]
}

/** One statement can write a row only once, so writes to the same key become the one that they come to. */
export function mergeKeyWrites(writes: readonly KeyWrite[]): MergedKeyWrites {
  const merged = new Map<string, KeyWrite>()
  for (const write of writes) {
    const place = JSON.stringify([write.type, write.id])
    merged.set(place, after(merged.get(place), write))
  }
  const writesPerKey = [...merged.values()]
  return {
    puts: writesPerKey.flatMap(({ type, id, value, insertOnly = false }) =>
      value === null ? [] : [{ type, id, value, insertOnly }],
    ),
    deletes: writesPerKey.flatMap(({ type, id, value }) => (value === null ? [{ type, id }] : [])),
  }
}

function after(earlier: KeyWrite | undefined, write: KeyWrite): KeyWrite {
  if (earlier === undefined || write.insertOnly !== true || write.value === null) return write
  return earlier.value === null ? { ...write, insertOnly: false } : earlier
}
