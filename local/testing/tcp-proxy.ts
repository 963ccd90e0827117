import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * What becomes of bytes that a client sent: they pass; the connection ends and they do not reach the server; or they pass
 * and the connection ends as soon as the server answers, with nothing of the answer.
 */
export type Passage = 'pass' | 'cut' | 'cut-reply'

/** A way to a server that a test can close in several ways. */
export interface TcpProxy {
  readonly port: number
  /** Ends every connection; new ones end at once until `restore`. */
  cut(): void
  /** No byte passes either way, also of new connections, and none ends until `restore`: a router that forgot everything. */
  freeze(): void
  restore(): void
  /** Decides about each piece of what clients send; undefined lets all of it pass. */
  watch(look: ((bytes: Buffer) => Passage) | undefined): void
  /** Ends every connection. May be called twice. */
  stop(): Promise<void>
}

/** Forwards every connection to the target, until it is told otherwise. Listens on loopback. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>()
  let state: 'open' | 'cut' | 'frozen' = 'open'
  let look: ((bytes: Buffer) => Passage) | undefined

  function forward(from: Socket, to: Socket, passage: (bytes: Buffer) => 'pass' | 'cut'): void {
    sockets.add(from)
    from.setNoDelay(true)
    from.on('data', (bytes: Buffer) => {
      if (passage(bytes) === 'cut') {
        from.destroy()
        to.destroy()
      } else if (!to.write(bytes)) {
        from.pause()
      }
    })
    from.on('drain', () => state === 'frozen' || to.resume())
    from.on('error', () => {})
    from.on('end', () => to.end())
    from.on('close', () => {
      sockets.delete(from)
      to.destroySoon()
    })
    if (state === 'frozen') from.pause()
  }

  const server = createServer({ allowHalfOpen: true }, (near) => {
    near.on('error', () => {})
    if (state === 'cut') return near.destroy()
    const far = connect({ ...target, allowHalfOpen: true })
    let cutsReply = false
    forward(near, far, (bytes) => {
      const passage = look?.(bytes) ?? 'pass'
      if (passage === 'cut-reply') cutsReply = true
      return passage === 'cut' ? 'cut' : 'pass'
    })
    forward(far, near, () => (cutsReply ? 'cut' : 'pass'))
  })
  const cut = () => {
    state = 'cut'
    for (const socket of sockets) socket.destroy()
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  let stopped: Promise<unknown> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    freeze() {
      state = 'frozen'
      for (const socket of sockets) socket.pause()
    },
    restore() {
      state = 'open'
      for (const socket of sockets) socket.resume()
    },
    watch: (watcher) => void (look = watcher),
    async stop() {
      cut()
      await (stopped ??= once(server.close(), 'close'))
    },
  }
}
