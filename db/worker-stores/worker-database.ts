import type { NodePgDatabase } from 'drizzle-orm/node-postgres'

/**
 * Drizzle over `pg`, as the worker uses it. It may stand behind a pooler or be one shared session, so the stores leave
 * nothing in the session that they need (no advisory locks, LISTEN or SET; names of statements may be lost) and a
 * transaction awaits nothing but its own statements. Where it can, an operation is one statement: one round trip.
 */
export type WorkerDatabase = NodePgDatabase
