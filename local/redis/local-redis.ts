/** A running Redis behind Upstash's REST protocol. */
export interface LocalRedis {
  kind: 'memory' | 'redis'
  /** What to give to `new Redis({ url, token })` of @upstash/redis. */
  restUrl: string
  token: string
  /** HTTP requests so far, for tests that count them. */
  requests: () => number
  /** Ends the endpoint, and the connection to a real Redis. May be called twice. */
  stop: () => Promise<void>
}

/** What `startRedis` is told. It listens on loopback only. */
export interface LocalRedisOptions {
  /** `redis://...` of a real Redis; none takes the in-memory engine. */
  url?: string | undefined
  /** Port of the REST endpoint; 0 or none takes a free one. */
  port?: number | undefined
  /** The bearer token that requests must carry; random when absent. */
  token?: string | undefined
  /** Told of what goes wrong after the start, one line each. */
  log?: ((line: string) => void) | undefined
}
