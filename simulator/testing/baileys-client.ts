import './quiet-libsignal.ts'
import { makeWASocket, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import type { AuthenticationState, BaileysEventMap, UserFacingSocketConfig, WAMessage } from '@whiskeysockets/baileys'
import type { Simulator } from '#simulator/api.ts'
import { memoryAuth } from './memory-auth.ts'

type Socket = ReturnType<typeof makeWASocket>
type ConnectionUpdate = BaileysEventMap['connection.update']

/** An unmodified Baileys, with promises instead of events. Each `connect` makes a new socket on the same credentials. */
export interface BaileysClient {
  readonly auth: AuthenticationState
  /** The current socket. */
  readonly socket: Socket
  /** Every message that any of the sockets reported, decryptable or not, in order. */
  readonly received: { type: 'notify' | 'append'; message: WAMessage }[]
  /** Every `messages.update`, in order. */
  readonly updates: BaileysEventMap['messages.update']
  connect(config?: Partial<UserFacingSocketConfig>): void
  /** Resolves with the QR after `previous`. */
  qr(previous?: string): Promise<string>
  open(): Promise<void>
  /** Resolves when the first history is in: until then Baileys holds events back, for up to 20 s after each log-in. */
  synchronised(): Promise<void>
  /** Resolves with Baileys' status code when the current socket has closed. */
  closed(): Promise<number>
  /** Resolves with what `find` returns, as soon as it is not undefined. */
  until<Value>(find: () => Value | undefined, what: string): Promise<Value>
  /** Resolves with the first received message of this text. */
  text(body: string): Promise<{ type: 'notify' | 'append'; message: WAMessage }>
  stop(): Promise<void>
}

const WAIT_TIMEOUT_MS = 20_000

interface SilentLogger {
  level: string
  child(): SilentLogger
  trace(): void
  debug(): void
  info(): void
  warn(): void
  error(): void
}

const quiet = (): void => undefined
const silentLogger: SilentLogger = {
  level: 'silent',
  child: () => silentLogger,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
}

/** A client of a simulator in this process or another. */
export function baileysClient(
  simulator: Pick<Simulator, 'url' | 'rootPublicKey'>,
  auth: AuthenticationState = memoryAuth(),
): BaileysClient {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.rootPublicKey)
  const received: BaileysClient['received'] = []
  const updates: BaileysEventMap['messages.update'] = []
  const watchers = new Set<() => void>()
  let socket: Socket | undefined
  let state: { qr?: string | undefined; connection?: ConnectionUpdate['connection']; code?: number } = {}
  const look = (): void => {
    for (const watcher of watchers) watcher()
  }

  const until: BaileysClient['until'] = (find, what) =>
    new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        watchers.delete(watcher)
      }
      const watcher = (): void => {
        const value = find()
        if (value === undefined) return
        settle()
        resolve(value)
      }
      const timer = setTimeout(() => {
        settle()
        reject(new Error(`${what} did not happen within ${WAIT_TIMEOUT_MS} ms.`))
      }, WAIT_TIMEOUT_MS)
      watchers.add(watcher)
      watcher()
    })

  const connect = (config: Partial<UserFacingSocketConfig> = {}): void => {
    state = {}
    const mine = makeWASocket({
      auth,
      logger: silentLogger,
      waWebSocketUrl: simulator.url,
      qrTimeout: 60_000,
      // With its own echo on, stock Baileys holds updates of sent messages back for up to 30 s.
      emitOwnEvents: false,
      ...config,
    })
    socket = mine
    mine.ev.on('creds.update', (update) => {
      Object.assign(auth.creds, update)
      look()
    })
    mine.ev.on('connection.update', ({ qr, connection, lastDisconnect }) => {
      if (socket !== mine) return
      if (qr !== undefined) state.qr = qr
      if (connection !== undefined) state.connection = connection
      if (connection === 'close') state.code = statusCodeOf(lastDisconnect?.error)
      look()
    })
    mine.ev.on('messages.upsert', ({ messages, type }) => {
      received.push(...messages.map((message) => ({ type, message })))
      look()
    })
    mine.ev.on('messages.update', (changes) => {
      updates.push(...changes)
      look()
    })
  }

  return {
    auth,
    received,
    updates,
    connect,
    until,
    get socket() {
      if (!socket) throw new Error('connect() first.')
      return socket
    },
    qr: (previous) => until(() => (state.qr === previous ? undefined : state.qr), 'A QR'),
    open: async () => {
      await until(() => (state.connection === 'open' ? true : undefined), 'The connection')
    },
    synchronised: async () => {
      await until(() => (auth.creds.accountSyncCounter > 0 ? true : undefined), 'The first history')
    },
    closed: () => until(() => (state.connection === 'close' ? (state.code ?? 0) : undefined), 'The end'),
    text: (body) => until(() => received.find(({ message }) => textOf(message) === body), `"${body}"`),
    stop: async () => {
      await socket?.end(undefined)
    },
  }
}

export function textOf({ message }: WAMessage): string | undefined {
  return message?.conversation ?? message?.extendedTextMessage?.text ?? undefined
}

function statusCodeOf(error: unknown): number {
  const { output } = (error ?? {}) as { output?: { statusCode?: number } }
  return output?.statusCode ?? 0
}
