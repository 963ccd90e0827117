import type { Socket } from 'node:net'
import type { PGlite } from '@electric-sql/pglite'
import type { MutexInterface } from 'async-mutex'
import { roleIn } from './acting-as.ts'
import {
  createMessageReader,
  fatalError,
  requestCode,
  startupAnswer,
  startupCode,
  startupParameters,
  type WireMessage,
} from './wire-messages.ts'

export interface PgliteConnectionOptions {
  engine: PGlite
  /** Whoever holds it has the engine's one session to itself. */
  turn: MutexInterface
  /** The role that the session acts in at the moment; one for all connections, as the session is. */
  acting: { role: string | undefined }
  /** The server's settings that a client is told when it connects. */
  settings: Record<string, string>
  /** A connection that leaves its transaction idle for so many milliseconds is cut, as it keeps all others waiting. */
  idleTransactionTimeoutMs: number
  log?: ((line: string) => void) | undefined
}

/** Query, Sync, and what ends a COPY: after these PostgreSQL answers "ready for query". */
const unitEnds = new Set(['Q', 'S', 'c', 'f'])
const flush = 'H'
const terminate = 'X'
const sync = Buffer.from([0x53, 0, 0, 0, 4])

/** The engine would wait for the data for ever, in a loop that holds the whole process. */
function copiesFromClient({ type, bytes }: WireMessage): boolean {
  if (type !== 'Q' && type !== 'P') return false
  const text = bytes.toString('utf8', 5, 2_000)
  const sql = type === 'P' ? text.slice(text.indexOf('\0') + 1) : text
  return /(^|;)\s*copy\b[^;]*\bfrom\s+stdin\b/i.test(sql)
}

/**
 * Serves one client until it leaves. Messages are gathered into a unit (up to Query or Sync) and a unit runs as a whole;
 * the turn is kept while the unit leaves a transaction open and given back at its end, however the client leaves.
 */
export async function servePgliteConnection(socket: Socket, options: PgliteConnectionOptions): Promise<void> {
  const { engine, turn, acting, settings, idleTransactionTimeoutMs, log } = options
  const reader = createMessageReader()
  let release: (() => void) | undefined
  let started = false
  let role: string | undefined
  let used = false
  let unit: Buffer[] = []

  async function runUnit(endsInFlush: boolean): Promise<void> {
    release ??= await turn.acquire()
    if (socket.destroyed) return
    used = true
    await actInRole()
    const bytes = Buffer.concat(unit)
    unit = []
    socket.cork()
    try {
      // The engine reuses its buffer, so each piece is copied.
      await engine.execProtocolRawStream(bytes, { onRawData: (data) => void socket.write(Buffer.from(data)) })
    } finally {
      socket.uncork()
    }
    if (!endsInFlush && !engine.isInTransaction()) giveBack()
  }

  /** The engine knows no log-ins: the role that the client connected for is taken when another connection acted before. */
  async function actInRole(): Promise<void> {
    if (acting.role === role) return
    await engine.exec(role === undefined ? 'RESET ROLE' : `SET ROLE "${role}"`)
    acting.role = role
  }

  function giveBack(): void {
    release?.()
    release = undefined
  }

  /** Returns false when the client is to be let go. */
  async function take(message: WireMessage): Promise<boolean> {
    if (!started) return greet(message)
    if (message.type === terminate) return false
    if (copiesFromClient(message)) {
      socket.end(fatalError('0A000', 'COPY FROM STDIN is not supported by the embedded database'))
      return false
    }
    unit.push(message.bytes)
    if (unitEnds.has(message.type) || message.type === flush) await runUnit(message.type === flush)
    return true
  }

  function greet(message: WireMessage): boolean {
    const code = startupCode(message)
    if (code === requestCode.ssl || code === requestCode.gssEncryption) return socket.write('N') || true
    if (code === requestCode.cancel) return false
    if (code !== requestCode.startup) {
      socket.end(fatalError('08P01', 'this server speaks version 3.0 of the protocol only'))
      return false
    }
    started = true
    role = roleIn(startupParameters(message).options)
    return socket.write(startupAnswer(settings)) || true
  }

  /** What a session's end does on a real server: its transaction is undone and what it SET is forgotten. */
  async function endSession(): Promise<void> {
    if (!used && release === undefined) return
    release ??= await turn.acquire()
    try {
      // A client that left between Flush and Sync leaves the engine deaf to anything but Sync.
      await engine.execProtocolRawStream(sync, { onRawData: () => undefined })
      if (engine.isInTransaction()) await engine.exec('ROLLBACK')
      await engine.exec('DISCARD ALL')
      acting.role = undefined
    } finally {
      giveBack()
    }
  }

  socket.setNoDelay(true)
  socket.on('timeout', () => {
    socket.write(fatalError('25P03', 'terminating connection due to idle-in-transaction timeout'))
    socket.destroySoon()
  })
  try {
    // Leaving the loop must not destroy the socket: what was written last would be lost.
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      socket.setTimeout(0)
      reader.push(chunk)
      for (let message = reader.next(!started); message; message = reader.next(!started)) {
        if (!(await take(message))) return
      }
      if (release) socket.setTimeout(idleTransactionTimeoutMs)
    }
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    if (code === 'ECONNRESET' || code === 'EPIPE' || code === 'ERR_STREAM_PREMATURE_CLOSE') return
    log?.(`PGlite: a connection failed: ${message}`)
    if (!socket.destroyed) socket.end(fatalError('XX000', message))
  } finally {
    socket.destroySoon()
    await endSession().catch((error: Error) => log?.(`PGlite: a session could not be ended: ${error.message}`))
  }
}
