import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that can go dead without anybody closing anything, as behind a router that forgot a connection. */
export interface FreezingProxy {
  port: number
  /** From now on no byte passes either way, also of new connections, and no connection ends. */
  freeze(): void
  stop(): Promise<void>
}

export async function startFreezingProxy(targetPort: number): Promise<FreezingProxy> {
  const sockets = new Set<Socket>()
  let frozen = false

  const server = createServer((near) => {
    const far = connect({ host: '127.0.0.1', port: targetPort })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => frozen || to.write(bytes))
      from.on('error', () => {})
      from.on('close', () => frozen || to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => void (frozen = true),
    async stop() {
      frozen = true
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
