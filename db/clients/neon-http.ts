import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'

/** The edge's database: single statements and `batch` (one transaction, one HTTP request); `transaction` always throws. */
export type EdgeDatabase = NeonHttpDatabase

export interface NeonOptions {
  connectionString: string
  /** Where Neon's HTTP protocol is spoken when it is not Neon's own address: the local stack. */
  fetchEndpoint?: string | undefined
}

const requestTimeoutMs = 10_000

/** Host of a connection string > the endpoint that was given for it. */
const endpoints = new Map<string, string>()

export function createEdgeDatabase({ connectionString, fetchEndpoint }: NeonOptions): EdgeDatabase {
  configureModule()
  if (fetchEndpoint !== undefined) endpoints.set(new URL(connectionString).hostname, fetchEndpoint)
  return drizzle({ client: neon(connectionString) })
}

/** Neon's driver knows these settings for the whole module only, not per client. */
function configureModule(): void {
  const { fetchEndpoint: neonEndpoint } = neonConfig.defaults
  neonConfig.fetchEndpoint = (host, port, options) =>
    endpoints.get(host) ?? (typeof neonEndpoint === 'string' ? neonEndpoint : neonEndpoint(host, port, options))
  neonConfig.fetchFunction = (url: string, init: RequestInit) =>
    fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) })
}
