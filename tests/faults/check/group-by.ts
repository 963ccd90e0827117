/** The records by their key, each group in the order in which they came. */
export function groupBy<T>(records: readonly T[], keyOf: (record: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const record of records) {
    const key = keyOf(record)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [record])
    else group.push(record)
  }
  return groups
}

/** The neighbours of which the second has the smaller value. */
export function descents<T>(records: readonly T[], valueOf: (record: T) => number): [T, T][] {
  return records.flatMap((record, index) => {
    const before = records[index - 1]
    return before !== undefined && valueOf(record) < valueOf(before) ? [[before, record] as [T, T]] : []
  })
}
