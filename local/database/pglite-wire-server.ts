import { createServer, type Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import { Mutex } from 'async-mutex'
import { listenOnLoopback } from '#local/loopback/listen-on-loopback.ts'
import { servePgliteConnection } from './pglite-connection.ts'

export interface PgliteWireServer {
  port: number
  /** Gives the server its engine; connections that came before wait for this. */
  serve(engine: PGlite): Promise<void>
  /** Cuts all connections and waits until none of them uses the engine. May be called twice. */
  stop: () => Promise<void>
}

interface PgliteWireServerOptions {
  port: number
  idleTransactionTimeoutMs: number
  log?: ((line: string) => void) | undefined
}

interface ReadyEngine {
  engine: PGlite
  settings: Record<string, string>
}

/** Settings that a server reports when a client connects; clients parse dates and intervals by them. */
const reportedSettings = [
  'server_version',
  'server_encoding',
  'client_encoding',
  'DateStyle',
  'IntervalStyle',
  'TimeZone',
  'integer_datetimes',
  'standard_conforming_strings',
]

/**
 * PostgreSQL's wire protocol in front of PGlite, for any number of clients.
 *
 * PGlite is one session, so a transaction of one client must keep all others out. @electric-sql/pglite-socket 0.2.17 does
 * that too, but it hands the engine message by message: a Bind above 64 KB arrives in pieces and another client's Parse
 * slips in between ("bind message supplies 1 parameters, but prepared statement requires 2"); and one malformed start-up
 * packet stops its queue for ever. Here a client's messages run as one unit up to Sync, and the engine sees no start-up.
 * What stays different from a real server: no parallel transactions, and of the start-up options only the role is heard.
 */
export async function startPgliteWireServer(options: PgliteWireServerOptions): Promise<PgliteWireServer> {
  const turn = new Mutex()
  const acting = { role: undefined }
  const sockets = new Set<Socket>()
  const sessions = new Set<Promise<unknown>>()
  let announce: (engine: ReadyEngine | undefined) => void
  const ready = new Promise<ReadyEngine | undefined>((resolve) => (announce = resolve))

  const server = createServer((socket) => {
    sockets.add(socket)
    // A client may vanish at any moment; the connection's own loop notices.
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    const session = ready.then(
      (engine) => engine && servePgliteConnection(socket, { ...options, ...engine, turn, acting }),
    )
    sessions.add(session)
    void session.finally(() => sessions.delete(session))
  })
  const port = await listenOnLoopback(server, options.port, "Postgres' wire protocol")

  return {
    port,
    async serve(engine) {
      const { rows } = await engine.query<{ name: string; setting: string }>(
        'SELECT name, setting FROM pg_settings WHERE name = ANY($1)',
        [reportedSettings],
      )
      announce({ engine, settings: Object.fromEntries(rows.map(({ name, setting }) => [name, setting])) })
    },
    async stop() {
      announce(undefined)
      server.close()
      for (const socket of sockets) socket.destroy()
      await Promise.all(sessions)
    },
  }
}
