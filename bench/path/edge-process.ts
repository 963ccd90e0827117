// The edge in workerd and its neighbours (Neon's and Upstash's protocols), in a process of its own, so that the neighbours' work
// counts as nobody's. Beside it, for comparison, a Worker that only passes requests on.
import { createServer } from 'node:http'
import { serveCalls } from '#bench/processes/serve-calls.ts'
import { startDatabase } from '#local/database/start-database.ts'
import { startEdge } from '#local/edge/start-edge.ts'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { startRedis } from '#local/redis/start-redis.ts'
import { newestWorkerd } from './process-use.ts'
import { startScript } from './start-script.ts'

/** Passes a request to its backend and the answer back: the least that any Worker in front of something does. */
const passOnScript = `export default {
  async fetch(request, env) {
    const answer = await fetch(env.BACKEND, { method: 'POST', body: await request.text() })
    return new Response(await answer.text(), { status: 202, headers: { 'content-type': 'application/json' } })
  },
}`

export interface EdgeSettings {
  databaseUrl: string
  webhookKeyRing: string
  serviceTokenKey: Record<string, unknown>
  adminTokenKey: Record<string, unknown>
  adminKeyRing: string
}

export interface ServedEdge {
  url: string
  /** Of workerd. */
  pid: number
  neonConnectionString: string
  neonFetchEndpoint: string
}

let neonRequests = () => 0

const calls = {
  async start({ databaseUrl, ...secrets }: EdgeSettings): Promise<ServedEdge> {
    const database = await startDatabase({ url: databaseUrl })
    const redis = await startRedis()
    neonRequests = database.neonRequests
    const { neonConnectionString, neonFetchEndpoint } = database
    const edge = await startEdge({
      databaseUrl: neonConnectionString,
      neonFetchEndpoint,
      redis: { url: redis.restUrl, token: redis.token },
      ...secrets,
    })
    return { url: edge.url, pid: await newestWorkerd(process.pid), neonConnectionString, neonFetchEndpoint }
  },

  /** A Worker that passes on to a backend that echoes. */
  async startPassOn(): Promise<{ url: string; pid: number }> {
    const backend = createServer((request, response) => {
      request.pipe(response.writeHead(200, { 'content-type': 'application/json' }))
    })
    const port = await listenOnLoopback(backend, 0, 'The echo')
    const { url, pid } = await startScript(passOnScript, { BACKEND: `http://127.0.0.1:${port}/` })
    return { url, pid }
  },

  /** Round trips of the edge to the database so far. */
  neonRequests: async () => neonRequests(),
}

export type EdgeCalls = typeof calls

serveCalls(calls)
