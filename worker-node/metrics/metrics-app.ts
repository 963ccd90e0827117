import { Hono } from 'hono'

/**
 * What Prometheus scrapes, on a port of its own: the TLS proxy in front of the worker's other port passes what is sent to
 * it, so nothing that is meant for operators alone may be there.
 */
export function createMetricsApp(readMetrics: () => Promise<string>, contentType: string): Hono {
  const app = new Hono()
  app.get('/metrics', async (c) => c.body(await readMetrics(), 200, { 'content-type': contentType }))
  return app
}
