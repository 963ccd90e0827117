/** A running database with both protocols that the product speaks: Postgres' wire (worker, migrations) and Neon's HTTP (edge). */
export interface LocalDatabase {
  kind: 'pglite' | 'postgres'
  /** `postgres://...` for `pg`, as the owner of everything: for migrations and tests. */
  url: string
  /** The same in the role of the workers, once the migrations have made it. */
  workerUrl: string
  /** What to assign to `neonConfig.fetchEndpoint`: `http://127.0.0.1:PORT/sql`. */
  neonFetchEndpoint: string
  /** What to give to `neon(...)`. */
  neonConnectionString: string
  /** Requests that the Neon endpoint has had so far, for tests that count them. */
  neonRequests: () => number
  /** Statements in these requests: a batch's each. */
  neonStatements: () => number
  /** Ends what `startDatabase` started; a real PostgreSQL that was given by its address keeps running. May be called twice. */
  stop: () => Promise<void>
}

/** What `startDatabase` is told. All times and ports are of this machine; it listens on loopback only. */
export interface LocalDatabaseOptions {
  /** PGlite's folder, made if missing; none keeps the data in memory. */
  dataDir?: string | undefined
  /** What PGlite's `dumpDataDir` gave: a new database starts as this copy, in a third of the time of an empty one. */
  dump?: Blob | undefined
  /** A real PostgreSQL to use instead of PGlite. */
  url?: string | undefined
  /** What statements through Neon's protocol act in: the edge's role unless told; `owner` where no migration has made it. */
  edgeRole?: 'owner' | undefined
  /** Port of Postgres' wire protocol in front of PGlite; 0 or none takes a free one. */
  port?: number | undefined
  /** Port of Neon's HTTP protocol; 0 or none takes a free one. */
  neonPort?: number | undefined
  /** Told of what goes wrong after the start, one line each. */
  log?: ((line: string) => void) | undefined
}
