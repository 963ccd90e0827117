import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { acceptConnection } from './accept-connection.ts'
import type { World } from './world.ts'

/** Serves WhatsApp's WebSocket. @throws Error when the port is taken */
export async function listen(
  world: World,
  { host, port }: { host: string; port: number },
): Promise<{ port: number; close(): Promise<void> }> {
  const http = createServer((_request, response) => response.writeHead(426).end('This is a WebSocket server.\n'))
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    const subject = { connectionId: world.connections.newestId + 1, number: undefined, deviceId: undefined }
    const fault = world.faults.strikeConnection(subject, 'refuse-connection')
    if (fault) {
      if (fault.httpStatus === undefined) socket.destroy()
      else socket.end(`HTTP/1.1 ${fault.httpStatus} Refused\r\nConnection: close\r\n\r\n`)
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => acceptConnection(world, webSocket))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const client of webSockets.clients) client.terminate()
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}
