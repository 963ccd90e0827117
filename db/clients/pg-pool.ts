import pg from 'pg'
import { createStatementNames } from './statement-names.ts'

export interface PoolOptions {
  databaseUrl: string
  /** Most connections at a time; 10 if not told. */
  max?: number
  /** Longest wait for a connection; 5,000 if not told. */
  connectTimeoutMs?: number
  /** Longest wait for one statement's answer; 10,000 if not told. */
  queryTimeoutMs?: number
  /** Told when a connection breaks while nobody uses it; the pool replaces it by itself. */
  onIdleError?: (error: Error) => void
  /** Called for each round trip to the database. */
  onRoundTrip?: () => void
}

const idleTimeoutMs = 30_000

/**
 * A pool for processes that live on. It sets no session parameters, because Neon's pooler hands a session from one client
 * to the next; so the time-outs are the client's own: a statement that exceeds its time fails here and its connection is
 * not used again. Statements with parameters are prepared under a name, outside transactions, where one that has to be
 * sent again can be.
 */
export function createPool(options: PoolOptions): pg.Pool {
  const { databaseUrl, max = 10, connectTimeoutMs = 5_000, queryTimeoutMs = 10_000, onIdleError, onRoundTrip } = options
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    idleTimeoutMillis: idleTimeoutMs,
    keepAlive: true,
    application_name: 'wharf',
  })
  // Without a listener, a connection that breaks while idle would end the process.
  pool.on('error', (error) => onIdleError?.(error))
  if (onRoundTrip !== undefined) pool.on('connect', (client) => countRoundTrips(client, onRoundTrip))
  nameStatements(pool)
  return pool
}

/** Parsing and planning were most of what a message cost PostgreSQL (docs/benchmarks.md). */
function nameStatements(pool: pg.Pool): void {
  const names = createStatementNames()
  const send = pool.query.bind(pool) as (query: pg.QueryConfig | string, ...rest: unknown[]) => Promise<unknown>
  const query: typeof send = async (query, ...rest) => {
    if (typeof query === 'string' || query.name !== undefined) return send(query, ...rest)
    const named = () => send({ ...query, name: names.of(query.text) }, ...rest)
    try {
      return await named()
    } catch (error) {
      if (!names.blamed(error)) throw error
      return named()
    }
  }
  pool.query = query as typeof pool.query
}

/** A statement is one round trip, however it reaches the connection: from the pool, in a transaction, or by drizzle. */
function countRoundTrips(client: pg.PoolClient, onRoundTrip: () => void): void {
  const send = client.query.bind(client) as (...args: unknown[]) => never
  client.query = (...args: unknown[]) => {
    onRoundTrip()
    return send(...args)
  }
}
