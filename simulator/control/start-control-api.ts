import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { controlApi } from './control-api.ts'
import type { ControlledSimulator } from './control-api.ts'

/** Serves the control API. @throws Error when the port is taken */
export async function startControlApi(
  simulator: ControlledSimulator,
  { host, port }: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createAdaptorServer({ fetch: controlApi(simulator).fetch })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://${host}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
