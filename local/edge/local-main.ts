import { createWorker } from '#edge/create-worker.ts'
import { routeTable } from '#edge/routes/route-table.ts'

/**
 * The edge as the local stack and the tests run it: the production Worker plus what production must never allow. Only
 * this file reads the bindings with LOCAL_ in their names.
 */
const worker = createWorker((env) => ({
  exceptions: { testKeys: true, loopbackWebhooks: true },
  plainHttpWorkers: true,
  neonFetchEndpoint: String(env['LOCAL_NEON_FETCH_ENDPOINT']),
}))

/** First parts of the API's paths: what else is asked for is a page, as with a Worker route before Cloudflare Pages. */
const apiRoots = new Set(routeTable.map(({ contract }) => contract.path.split('/')[1]))

interface Pages {
  fetch(request: Request): Promise<Response>
}

export default {
  ...worker,
  fetch(request: Request, env: Record<string, unknown>, context: Parameters<typeof worker.fetch>[2]) {
    const pages = env['LOCAL_PAGES'] as Pages | undefined
    const isApi = apiRoots.has(new URL(request.url).pathname.split('/')[1] ?? '')
    return pages === undefined || isApi ? worker.fetch(request, env, context) : pages.fetch(request)
  },
}
