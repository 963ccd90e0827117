import '#simulator/testing/quiet-libsignal.ts'
import path from 'node:path'
import { Browsers, DisconnectReason, makeWASocket, WA_CERT_DETAILS } from '@whiskeysockets/baileys'
import type { BinaryNode, ConnectionState, WASocket } from '@whiskeysockets/baileys'
import { newWaMessageId } from '#core/rules/wa-message-id.ts'
import type { Session, Variant } from '#bench/subject/session.ts'
import { createSignal } from '#bench/subject/signal.ts'
import type { SubjectSettings } from '#bench/subject/subject-calls.ts'
import { openRawStore } from './raw-store.ts'
import { silentLogger } from './silent-logger.ts'

/** Baileys as it comes from npm, over its memory store, with the settings of the driver where they cost or save work. */
export function openRaw({ simulator, rawFolder }: SubjectSettings): Variant {
  WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(simulator.rootPublicKey)
  return {
    session: ({ phoneNumber }) => rawSession(simulator.url, path.join(rawFolder, `${phoneNumber}.json`)),
    close: async () => {},
  }
}

function rawSession(url: string, file: string): Session {
  const store = openRawStore(file)
  const states = createSignal<Partial<ConnectionState>>()
  const arrivals = createSignal<void>()
  const acks = new Map<string, (error: string | undefined) => void>()
  let socket: WASocket | undefined

  function connect(): void {
    socket = makeWASocket({
      auth: store,
      logger: silentLogger,
      waWebSocketUrl: url,
      browser: Browsers.macOS('Chrome'),
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
    })
    socket.ev.on('creds.update', (update) => Object.assign(store.creds, update))
    socket.ev.on('connection.update', (update) => states.emit(update))
    socket.ev.on('messages.upsert', ({ messages }) => messages.forEach(() => arrivals.emit()))
    // Baileys resolves a send when the bytes are in the socket; both variants wait for the server's word.
    socket.ws.on('CB:ack,class:message', ({ attrs }: BinaryNode) => acks.get(attrs['id'] ?? '')?.(attrs['error']))
  }

  async function open(): Promise<void> {
    const settled = states.next(({ connection }) => connection === 'open' || connection === 'close')
    connect()
    const { connection, lastDisconnect } = await settled
    if (connection !== 'open') throw new Error('Raw Baileys was not let in.', { cause: lastDisconnect?.error })
  }

  async function send(to: string): Promise<void> {
    const messageId = newWaMessageId()
    const acked = new Promise<void>((resolve, reject) => {
      acks.set(messageId, (error) => (error === undefined ? resolve() : reject(new Error(`Refused: ${error}`))))
    })
    await socket?.sendMessage(`${to.slice(1)}@s.whatsapp.net`, { text: 'Hello' }, { messageId })
    await acked
    acks.delete(messageId)
  }

  return {
    async pair(scan) {
      const shown = states.next(({ qr }) => qr !== undefined)
      const closed = states.next(({ connection }) => connection === 'close')
      connect()
      await scan((await shown).qr ?? '')
      const { lastDisconnect } = await closed
      const { output } = (lastDisconnect?.error ?? {}) as { output?: { statusCode?: number } }
      if (output?.statusCode !== DisconnectReason.restartRequired) throw new Error('Raw Baileys did not pair.')
      await open()
    },
    open,
    prepare: async (to) => to.map((number) => () => send(number)),
    nextMessage: () => arrivals.next(),
    async close() {
      store.save()
      await socket?.end(undefined)
    },
  }
}
