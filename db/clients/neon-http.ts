import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'

/** The edge's database: single statements and `batch` (one transaction, one HTTP request); `transaction` always throws. */
export type EdgeDatabase = NeonHttpDatabase

export interface NeonOptions {
  connectionString: string
  /** Where Neon's HTTP protocol is spoken when it is not Neon's own address: the local stack. */
  fetchEndpoint?: string | undefined
  /** A request that takes longer fails; 10,000 milliseconds if not told. */
  requestTimeoutMs?: number | undefined
  /** Called for each HTTP request, for those who count them. */
  onRequest?: (() => void) | undefined
}

/** Host and port of a connection string > the endpoint that was given for it. */
const endpoints = new Map<string, string>()

export function createEdgeDatabase({
  connectionString,
  fetchEndpoint,
  requestTimeoutMs = 10_000,
  onRequest,
}: NeonOptions): EdgeDatabase {
  configureModule()
  if (fetchEndpoint !== undefined) endpoints.set(new URL(connectionString).host, fetchEndpoint)
  const fetchOptions = {
    // The driver copies these options into each request, so each gets a signal of its own.
    get signal() {
      onRequest?.()
      return AbortSignal.timeout(requestTimeoutMs)
    },
  }
  return drizzle({ client: neon(connectionString, { fetchOptions }) })
}

/** Neon's driver knows these settings for the whole module only, not per client. */
function configureModule(): void {
  const { fetchEndpoint: neonEndpoint } = neonConfig.defaults
  neonConfig.fetchEndpoint = (host, port, options) =>
    endpoints.get(`${host}:${port}`) ??
    (typeof neonEndpoint === 'string' ? neonEndpoint : neonEndpoint(host, port, options))
}
