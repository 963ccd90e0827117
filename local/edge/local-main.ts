import { createWorker } from '#edge/create-worker.ts'

/**
 * The edge as the local stack and the tests run it: the production Worker plus what production must never allow. Only
 * this file reads the bindings with LOCAL_ in their names.
 */
export default createWorker((env) => ({
  exceptions: { testKeys: true, loopbackWebhooks: true },
  plainHttpWorkers: true,
  neonFetchEndpoint: String(env['LOCAL_NEON_FETCH_ENDPOINT']),
}))
