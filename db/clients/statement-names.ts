import { createHash } from 'node:crypto'
import pg from 'pg'

/** Different texts that get a name; each costs memory in every connection, so what comes later goes without. */
const mostNamed = 200

/** PostgreSQL's codes for a name that is taken, and for one that it does not know. */
const nameTaken = '42P05'
const nameUnknown = '26000'

/**
 * Names for statements, so that a connection parses a text once and PostgreSQL may keep its plan. A name is made of the
 * text, so whoever shares a server connection means the same by it.
 */
export interface StatementNames {
  /** Undefined: send the text without a name. */
  of(text: string): string | undefined
  /**
   * Whether the error came of the name alone, so that nothing was done and the statement may be sent once more. Behind a
   * pooler that does not carry names, or at a session that several share, none are given from then on; after a migration
   * that changed what a text returns, other names are.
   */
  blamed(error: unknown): boolean
}

export function createStatementNames(): StatementNames {
  const names = new Map<string, string>()
  let usable = true
  let generation = 0

  return {
    of(text) {
      if (!usable) return undefined
      const known = names.get(text)
      if (known !== undefined || names.size >= mostNamed) return known
      const name = `wharf_${createHash('sha256').update(`${generation} ${text}`).digest('base64url').slice(0, 22)}`
      names.set(text, name)
      return name
    },
    blamed(error) {
      if (!(error instanceof pg.DatabaseError)) return false
      if (error.code === nameTaken || error.code === nameUnknown) {
        usable = false
        return true
      }
      // "cached plan must not change result type"
      if (error.routine !== 'RevalidateCachedQuery') return false
      generation += 1
      names.clear()
      return true
    },
  }
}
