import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP neighbour that can be taken away: `silent` takes requests and never answers, `refusing` breaks connections. */
export interface Switch {
  url: string
  mode: 'passing' | 'silent' | 'refusing'
  stop(): Promise<void>
}

/** Stands before the server at `target`. */
export async function startSwitch(target: string): Promise<Switch> {
  const { hostname, port, pathname } = new URL(target)
  const server = createServer((incoming, answer) => {
    if (result.mode === 'refusing') return void incoming.socket.destroy()
    if (result.mode === 'silent') return
    const { method, headers, url } = incoming
    const outgoing = httpRequest({ hostname, port, path: url, method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => incoming.socket.destroy())
    incoming.pipe(outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const result: Switch = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    mode: 'passing',
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  return result
}
