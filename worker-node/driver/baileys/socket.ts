import { Browsers, makeWASocket, type AuthenticationCreds, type proto, type WASocket } from '@whiskeysockets/baileys'
import type { InstanceId } from '#contracts/ids.ts'
import type { Log } from '#worker-node/log.ts'
import { createBaileysLog } from './baileys-log.ts'
import { withTrustAnchor } from './curve/trust-anchor.ts'
import { createDeviceLists } from './messages/device-lists.ts'
import { messagesInOrder, oneAfterTheOther } from './messages/in-order.ts'
import { replaceListener } from './replace-listener.ts'
import { createSignalKeyStore } from './signal/signal-key-store.ts'
import { createSignalRepository } from './signal/signal-repository.ts'
import type { SessionStore } from './signal/session-store.ts'
import { createStanzas } from './signal/stanzas.ts'

/** A WhatsApp server that is not WhatsApp's: its WebSocket and the root key of its certificates. */
export interface Endpoint {
  url: string
  rootPublicKey: Uint8Array
}

export interface SocketOptions {
  instanceId: InstanceId
  store: SessionStore
  credentials: AuthenticationCreds
  endpoint: Endpoint | undefined
  keepAliveMs: number
  queryTimeoutMs: number
  log: Log
  /** What was sent under this id, for a device that could not read it. */
  findSent: (waMessageId: string) => Promise<proto.IMessage | undefined>
}

/** How this program shows up among the phone's linked devices. WhatsApp gives pairing codes to genuine browsers only. */
export const browser = Browsers.macOS('Chrome')

/** Starts to connect. Baileys' settings and what surrounds them are chosen here and nowhere else. */
export function openSocket(options: SocketOptions): WASocket {
  const { instanceId, store, credentials, endpoint } = options
  const stanzas = createStanzas()
  const keys = createSignalKeyStore(store, credentials)

  const socket = withTrustAnchor(endpoint?.rootPublicKey, () =>
    makeWASocket({
      ...(endpoint !== undefined ? { waWebSocketUrl: endpoint.url } : {}),
      browser,
      auth: { creds: credentials, keys },
      makeSignalRepository: (_auth, logger, lookUpLids) =>
        createSignalRepository({ instanceId, store, credentials, stanzas }, logger, lookUpLids),
      userDevicesCache: createDeviceLists(),
      getMessage: async ({ id }) => (id ? options.findSent(id) : undefined),
      logger: createBaileysLog(options.log, instanceId),
      // Looked after in `liveness.ts`. Baileys would also set it as a timer around every single frame that it writes, with two
      // stack traces to tell where it came from: a tenth of the CPU of a receipt.
      connectTimeoutMs: 0,
      keepAliveIntervalMs: options.keepAliveMs,
      defaultQueryTimeoutMs: options.queryTimeoutMs,
      // A failed commit ends the connection; Baileys would hold the account for half a minute of attempts.
      transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 0 },
      // The send path records its own messages, and the event buffer would deliver them 30 s late.
      emitOwnEvents: false,
      // The owner's phone keeps its notifications.
      markOnlineOnConnect: false,
      // No history: without this the first log-in waits 20 s for it. LIDs come with stanzas and device lists.
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
    }),
  )
  // Baileys wraps the keys in transactions of its own, one for each send. What is written after the end of such a transaction,
  // like the time of a privacy token, it drops without a word; and one send to a new contact holds up all others.
  Object.assign(socket.authState, { keys })
  // Bytes from the network: a compressed frame is unpacked asynchronously, and the next would overtake it.
  replaceListener(socket, 'message', oneAfterTheOther)
  replaceListener(socket, 'CB:message', (baileys) => messagesInOrder(socket, stanzas, baileys))
  // It makes messages of missed calls, which nobody reads, in a listener whose errors nobody catches.
  socket.ev.removeAllListeners('call')
  return socket
}
