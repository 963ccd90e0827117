import { setMaxListeners } from 'node:events'
import { initAuthCreds, type AuthenticationCreds, type WASocket } from '@whiskeysockets/baileys'
import type { InstanceId } from '#contracts/ids.ts'
import type { Clock } from '#core/ports/clock.ts'
import { PairingRefused, type CloseCause, type Connection, type ConnectionListener } from '#core/ports/driver.ts'
import { CredentialsCorrupt } from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { accountOf, unlinkDevice } from './account.ts'
import { causeOfBrokenStore } from '#worker-node/driver/broken-store.ts'
import { causeOfDisconnect, causeOfRefusedUpgrade } from './close-cause.ts'
import type { BaileysDriverOptions, DriverTimings } from './driver-options.ts'
import { guardListeners } from './guard-listeners.ts'
import { answersPing, watchSilence } from './liveness.ts'
import { messageOfContent } from './messages/message-of-content.ts'
import { listenToReceipts } from './messages/receipts.ts'
import { createSender, type Sender } from './messages/sender.ts'
import { onceEnded } from '#worker-node/driver/once-ended.ts'
import { startPairing, type Pairing } from './pairing/pairing.ts'
import { decodeCredentials, encodeCredentials } from './signal/credentials-codec.ts'
import { createSessionStore } from './signal/session-store.ts'
import { openSocket } from './socket.ts'

export type ConnectionOptions = Omit<BaileysDriverOptions, 'clock' | 'timings'> & {
  clock: Clock
  timings: DriverTimings
}

/** What there is once the credentials are loaded. */
interface Live {
  socket: WASocket
  credentials: AuthenticationCreds
  sender: Sender
  /** Only while the device is not linked. */
  pairing: Pairing | undefined
}

/** One connection of one session, from its credentials to its end. What ends it first is the cause that is told. */
export function openConnection(
  { keys, findSent, log, endpoint, clock, timings }: ConnectionOptions,
  { instanceId, fence }: { instanceId: InstanceId; fence: Fence },
  listener: ConnectionListener,
): Connection {
  const told = onceEnded(listener, (error) => {
    log.error('The listener of a connection failed.', { instance: instanceId, error })
  })
  const over = new AbortController()
  // Every message that is being sent listens.
  setMaxListeners(0, over.signal)
  let live: Live | undefined
  let open = false
  let stopWatching: () => void = () => {}
  let tellEnd: () => void = () => {}
  const ended = new Promise<void>((resolve) => (tellEnd = resolve))

  const store = createSessionStore(keys, fence, {
    onJournaled: () => told.onJournaled(),
    onBroken: (error) => end(causeOfBrokenStore(error)),
  })

  /** Nothing is sent after this call; `onClosed` follows when nothing is being written any more. */
  function end(cause: CloseCause): void {
    if (over.signal.aborted) return
    open = false
    over.abort()
    stopWatching()
    live?.pairing?.stop()
    live?.socket.end(undefined).catch(ignore)
    store.seal().then(() => {
      told.onClosed(cause)
      tellEnd()
    }, ignore)
  }

  async function start(): Promise<void> {
    const stored = await keys.loadCredentials(instanceId)
    if (!over.signal.aborted) live = goLive(stored === undefined ? initAuthCreds() : read(stored))
  }

  function read(stored: Uint8Array): AuthenticationCreds {
    try {
      return decodeCredentials(stored)
    } catch (cause) {
      throw new CredentialsCorrupt(instanceId, 'credentials', { cause })
    }
  }

  function goLive(credentials: AuthenticationCreds): Live {
    const socket = openSocket({
      instanceId,
      store,
      credentials,
      endpoint,
      log,
      keepAliveMs: timings.keepAliveMs,
      queryTimeoutMs: timings.queryTimeoutMs,
      async findSent(waMessageId) {
        const content = await findSent(instanceId, waMessageId)
        return content && messageOfContent(content, waMessageId, credentials)
      },
    })
    const persist = async () => {
      await store.commit({ credentials: encodeCredentials(credentials) })
    }

    socket.ev.on('creds.update', () => {
      // A failed write has ended the connection by the time it is told here.
      if (credentials.account !== undefined) persist().catch(ignore)
    })
    socket.ev.on('connection.update', ({ connection, lastDisconnect }) => {
      if (connection === 'close') end(causeOfDisconnect(lastDisconnect?.error, clock.now()))
      if (connection === 'open') void ready()
    })
    /** Baileys calls a connection open whatever became of its first questions: one answer is asked for. */
    async function ready(): Promise<void> {
      const answered = await answersPing(socket, timings.queryTimeoutMs)
      if (over.signal.aborted) return
      if (!answered) return end({ kind: 'connection-lost', code: null, detail: 'the log-in got no answer to a ping' })
      open = true
      told.onOpen(accountOf(credentials))
    }
    stopWatching = watchSilence(socket, timings, (ms) => {
      end({ kind: 'connection-lost', code: null, detail: `nothing came for ${ms} ms` })
    })
    socket.ws.on('unexpected-response', (_request: unknown, response: { statusCode?: number }) => {
      end(causeOfRefusedUpgrade(response.statusCode))
    })
    listenToReceipts(socket, credentials, (receipt) => told.onReceipt(receipt))

    const sender = createSender({
      socket,
      credentials,
      ackTimeoutMs: timings.ackTimeoutMs,
      ended: over.signal,
      onFailure: (error) => log.warn('A message could not be handed to WhatsApp.', { instance: instanceId, error }),
    })
    const pairing =
      credentials.account !== undefined
        ? undefined
        : startPairing({
            socket,
            credentials,
            persist,
            lifetimes: timings,
            now: () => clock.now(),
            close: end,
            onQr: (qr, expiresAt) => told.onQr(qr, expiresAt),
            onPaired: () => told.onPaired(accountOf(credentials)),
          })

    guardListeners(socket, (event, error) => {
      if (over.signal.aborted) return
      log.warn('Baileys failed on something that WhatsApp sent.', { instance: instanceId, event, error })
      // A frame that cannot be decrypted: every later one could not be either.
      if (event === 'message') end({ kind: 'connection-lost', code: null, detail: 'a frame could not be read' })
    })
    return { socket, credentials, sender, pairing }
  }

  // Also when it throws at once: `open` never does.
  start().catch((error: unknown) => end(causeOfBrokenStore(error)))

  return {
    async send(request) {
      return open && live !== undefined ? live.sender.send(request) : { outcome: 'unconfirmed' }
    },
    async requestPairingCode(phoneNumber) {
      if (live?.pairing === undefined)
        throw new PairingRefused('not-pairing', 'This device is linked, or not connected.')
      return live.pairing.requestCode(phoneNumber)
    },
    async logout() {
      const device = live?.credentials.me?.id
      const unlinked = open && live !== undefined && device !== undefined && unlinkDevice(live.socket, device)
      const answered = Promise.race([unlinked || Promise.reject(new Error('Not connected to WhatsApp.')), ended])
      try {
        await answered
      } finally {
        end({ kind: 'logged-out', code: null, detail: 'logged out on request' })
        await ended
      }
    },
    async close() {
      end({ kind: 'closed-by-us', code: null, detail: 'closed on request' })
      await ended
    },
  }
}

function ignore(): void {}
