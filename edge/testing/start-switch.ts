import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * An HTTP neighbour that can be taken away: `silent` takes requests and never answers, `refusing` breaks connections, and
 * `losing-answers` does what is asked and breaks the connection in place of an answer.
 */
export interface Switch {
  url: string
  /** So many more requests pass before the mode takes effect. */
  spared: number
  mode: 'passing' | 'silent' | 'refusing' | 'losing-answers'
  stop(): Promise<void>
}

/** Stands before the server at `target`. */
export async function startSwitch(target: string): Promise<Switch> {
  const { hostname, port, pathname } = new URL(target)
  const server = createServer((incoming, answer) => {
    const mode = result.spared-- > 0 ? 'passing' : result.mode
    if (mode === 'refusing') return void incoming.socket.destroy()
    if (mode === 'silent') return
    const { method, headers, url } = incoming
    const outgoing = httpRequest({ hostname, port, path: url, method, headers }, (response) => {
      if (mode === 'losing-answers') return void response.resume().on('end', () => incoming.socket.destroy())
      answer.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(answer)
    })
    outgoing.on('error', () => incoming.socket.destroy())
    incoming.pipe(outgoing)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const result: Switch = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    spared: 0,
    mode: 'passing',
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  return result
}
