/**
 * Bounds of the classes by which latencies are counted, in milliseconds: a class reaches from its bound before up to its
 * own. They are in rows of the database, so they can only ever be added to at the end.
 */
export const latencyBoundsMs = [100, 250, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000] as const

/** Counts of nothing: one per bound, and one for what took longer than all. */
export function noLatencies(): number[] {
  return Array.from({ length: latencyBoundsMs.length + 1 }, () => 0)
}

/** The class that a latency belongs to, as an index. */
export function latencyClass(ms: number): number {
  return latencyBoundsMs.filter((bound) => bound <= ms).length
}

/**
 * The latency that this share of all did not exceed, in milliseconds: a straight line inside the class that it falls into,
 * the last bound for all beyond it. Null where there are none.
 */
export function quantileMs(counts: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let below = 0
  for (const [index, count] of counts.entries()) {
    const upper = latencyBoundsMs[index]
    if (upper === undefined) break
    if (below + count >= total * share) {
      const lower = latencyBoundsMs[index - 1] ?? 0
      return Math.round(lower + ((total * share - below) / count) * (upper - lower))
    }
    below += count
  }
  return latencyBoundsMs.at(-1) ?? null
}
