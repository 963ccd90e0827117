import { createWorker } from '#edge/create-worker.ts'
import { routeTable } from '#edge/routes/route-table.ts'

/**
 * The edge as the local stack and the tests run it: the production Worker plus what production must never allow. Only
 * this file reads the bindings with LOCAL_ in their names.
 */
const worker = createWorker((env) => ({
  exceptions: { testKeys: true, loopbackWebhooks: true },
  plainHttpWorkers: true,
  workerCommand: 'npm run worker:local',
  neonFetchEndpoint: String(env['LOCAL_NEON_FETCH_ENDPOINT']),
  redisTimeoutMs: numberOf(env['LOCAL_REDIS_TIMEOUT_MS']),
  databaseTimeoutMs: numberOf(env['LOCAL_DATABASE_TIMEOUT_MS']),
  usageFlushMs: numberOf(env['LOCAL_USAGE_FLUSH_MS']),
}))

function numberOf(binding: unknown): number | undefined {
  return binding === undefined ? undefined : Number(binding)
}

/** First parts of the API's paths: what else is asked for is a page, as with a Worker route before Cloudflare Pages. */
const apiRoots = new Set(routeTable.map(({ contract }) => contract.path.split('/')[1]))

/** A program of this machine may say for which address of the internet it stands (limits and bans are counted by it). */
const standsForHeader = 'x-local-client-address'

/**
 * What Cloudflare does in production: the address of the client, whatever the client claims. Only this machine reaches the
 * local edge, so that is the loopback's.
 */
function withClientAddress(request: Request): Request {
  const headers = new Headers(request.headers)
  headers.set('cf-connecting-ip', headers.get(standsForHeader) ?? '127.0.0.1')
  headers.delete(standsForHeader)
  return new Request(request, { headers })
}

interface Pages {
  fetch(request: Request): Promise<Response>
}

export default {
  ...worker,
  fetch(request: Request, env: Record<string, unknown>, context: Parameters<typeof worker.fetch>[2]) {
    const pages = env['LOCAL_PAGES'] as Pages | undefined
    const isApi = apiRoots.has(new URL(request.url).pathname.split('/')[1] ?? '')
    return pages === undefined || isApi ? worker.fetch(withClientAddress(request), env, context) : pages.fetch(request)
  },
}
