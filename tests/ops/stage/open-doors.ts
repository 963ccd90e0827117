import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import path from 'node:path'
import { createServer as createTlsServer } from 'node:tls'

/** What the machines reach at the gateway's address; the local stack itself listens on loopback alone. */
export interface Door {
  readonly port: number
  stop(): Promise<void>
}

interface Target {
  host: string
  port: number
}

/** Passes connections on, byte by byte. */
export function openDoor(host: string, target: Target): Promise<Door> {
  return listen(host, createServer, target)
}

/** The same, where TLS ends: what the edge is to the world. */
export function openTlsDoor(host: string, target: Target, pair: { certificate: string; key: string }): Promise<Door> {
  return listen(host, (pass) => createTlsServer({ cert: pair.certificate, key: pair.key }, pass), target)
}

async function listen(host: string, create: (pass: (near: Socket) => void) => Server, target: Target): Promise<Door> {
  const sockets = new Set<Socket>()
  const server = create((near) => {
    const far = connect(target)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.setNoDelay(true)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
      one.pipe(other)
    }
  })
  return opened(server, host, () => {
    for (const socket of sockets) socket.destroy()
  })
}

/** Serves the files of a folder, as a mirror of releases does. */
export function openMirror(host: string, folder: string): Promise<Door> {
  const server = createHttpServer((request, response) => {
    const file = path.join(folder, path.normalize(`/${new URL(request.url ?? '/', 'http://mirror').pathname}`))
    stat(file).then(
      ({ size }) => {
        response.writeHead(200, { 'content-length': size })
        createReadStream(file).pipe(response)
      },
      () => response.writeHead(404).end(),
    )
  })
  return opened(server, host, () => server.closeAllConnections())
}

async function opened(server: Server, host: string, cut: () => void): Promise<Door> {
  server.listen(0, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close')
      server.close()
      cut()
      await closed
    },
  }
}
