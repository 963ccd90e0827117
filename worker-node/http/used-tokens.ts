/** Longer than any token lives, so that a forgotten id is an expired one. */
const rememberMs = 60_000

/** Ids of the tokens that were used already, in memory: a restart changes the audience, which voids them all. */
export interface UsedTokens {
  /** False when the id was used before. */
  use(id: string): boolean
}

export function createUsedTokens(): UsedTokens {
  /** Id > monotonic time of its use; in order of use. */
  const used = new Map<string, number>()

  return {
    use(id) {
      const now = performance.now()
      for (const [old, usedAt] of used) {
        if (now - usedAt < rememberMs) break
        used.delete(old)
      }
      if (used.has(id)) return false
      used.set(id, now)
      return true
    },
  }
}
