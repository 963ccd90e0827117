const attempts = 3
const deadlockDetected = '40P01'

/**
 * Runs a single statement again when PostgreSQL ended it to break a deadlock: nothing of it took effect, and the others
 * have gone on meanwhile. Statements lock their rows in one order, but a row that is deleted and made again while they wait
 * can still turn that order around (seen once in some thousand commits of the stress test).
 */
export async function againAfterDeadlock<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await statement()
    } catch (error) {
      if (attempt === attempts || !isDeadlock(error)) throw error
    }
  }
}

/** drizzle wraps what `pg` threw. */
function isDeadlock(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === deadlockDetected) || isDeadlock(error.cause)
}
