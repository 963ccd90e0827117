import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

/** Time for a request to arrive in whole; answers may take longer, as held ones do. */
const requestTimeoutMs = 10_000
const headersTimeoutMs = 5_000
/** Longer than the proxy in front keeps an idle connection, so that it is never the one to be surprised. */
const keepAliveTimeoutMs = 75_000
const maxHeaderBytes = 16 * 1024

export interface HttpServer {
  /** `http://host:port` as bound. */
  readonly url: string
  /** Takes no new requests and ends idle connections; running requests are cut off after `graceMs`. */
  close(graceMs: number): Promise<void>
}

/** The address to listen on cannot be had; the message is one sentence for the person who starts the worker. */
export class CannotListen extends Error {
  constructor(host: string, port: number, cause: Error) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'is taken by another program' : 'cannot be bound'
    super(`${host}:${port} ${why}.`, { cause })
    this.name = 'CannotListen'
  }
}

/** Throws CannotListen. */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  { host, port }: { host: string; port: number },
): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: {
      requestTimeout: requestTimeoutMs,
      headersTimeout: headersTimeoutMs,
      keepAliveTimeout: keepAliveTimeoutMs,
      maxHeaderSize: maxHeaderBytes,
      // How often the two time-outs are looked at.
      connectionsCheckingInterval: 2_000,
    },
  }) as Server
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new CannotListen(host, port, error as Error)
  }
  const bound = server.address() as AddressInfo
  const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address
  return {
    url: `http://${name}:${bound.port}`,
    async close(graceMs) {
      const closed = once(server, 'close')
      server.close()
      const force = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearTimeout(force)
    },
  }
}
