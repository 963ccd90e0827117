import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { randomInt } from 'node:crypto'
import { WebSocketServer } from 'ws'
import type { ConnectionInfo, MakePhoneOptions, Phone, Simulator, SimulatorOptions } from './api.ts'
import { Accounts } from './accounts/accounts.ts'
import { PreKeyShelves } from './accounts/pre-key-shelf.ts'
import { FaultRules } from './faults/fault-rules.ts'
import { generateServerIdentity, serverIdentityOf } from './noise/certificate-chain.ts'
import type { StoredServerIdentity } from './noise/certificate-chain.ts'
import { refreshRegistration } from './phones/scan-qr.ts'
import { VirtualPhone } from './phones/virtual-phone.ts'
import { acceptConnection } from './server/accept-connection.ts'
import { Connections } from './server/connections.ts'
import { DeliveryQueue } from './server/delivery-queue.ts'
import { Outgoing } from './server/outgoing.ts'
import { PairingDesk } from './server/pairing-desk.ts'
import { streamErrors } from './server/stream-errors.ts'
import type { World } from './server/world.ts'
import { LogStore } from './store/log-store.ts'
import { noStore } from './store/store.ts'
import type { Store } from './store/store.ts'

const LOOPBACK = '127.0.0.1'
const WEB_SOCKET_PATH = '/ws/chat'
const WAIT_TIMEOUT_MS = 10_000
const E164 = /^\+[1-9]\d{6,14}$/

/**
 * Starts a WhatsApp server with virtual phones.
 * @throws Error when a port is taken, or the folder cannot be used
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? LOOPBACK
  const store = options.dataDir === undefined ? noStore : new LogStore(options.dataDir)
  const world = makeWorld(store, options.log ?? (() => undefined))
  const phones = new Map<string, VirtualPhone>()
  const addPhone = (account: ReturnType<Accounts['create']>): VirtualPhone => {
    const phone = new VirtualPhone(world, account)
    phones.set(account.number, phone)
    world.phones.set(account.number, phone)
    return phone
  }
  for (const account of world.accounts.all()) addPhone(account)
  const server = await listen(world, host, options.port ?? 0)
  const infoOf = (connection: ReturnType<Connections['all']>[number]): ConnectionInfo =>
    world.connections.infoOf(connection, connection.device ? world.queue.size(connection.device) : 0)

  const simulator: Simulator = {
    url: `ws://${host}:${server.port}${WEB_SOCKET_PATH}`,
    rootPublicKey: new Uint8Array(world.identity.rootPublicKey),
    controlUrl: undefined,
    faults: world.faults,
    makePhone: async ({ phoneNumber, name }: MakePhoneOptions = {}) => {
      if (phoneNumber !== undefined && !E164.test(phoneNumber)) {
        throw new Error(`"${phoneNumber}" is no phone number: write it in E.164, like +5511987654321.`)
      }
      const number = phoneNumber?.slice(1) ?? freeNumber(world.accounts)
      const existing = phones.get(number)
      if (existing) return existing
      const phone = addPhone(world.accounts.create(number, name ?? `Phone ${number.slice(-4)}`))
      store.flush()
      return phone
    },
    phone: (phoneNumber): Phone | undefined => phones.get(phoneNumber.replace('+', '')),
    phones: () => [...phones.values()],
    connections: () => world.connections.all().map(infoOf),
    waitForConnection: async (match, timeoutMs = WAIT_TIMEOUT_MS) => {
      const find = (): ConnectionInfo | undefined => world.connections.all().map(infoOf).find(match)
      return await world.connections.changed.waitFor(find, timeoutMs, 'The awaited connection')
    },
    refreshRegistration: async (qrText, refreshOptions) => await refreshRegistration(world, qrText, refreshOptions),
    disconnect: (target, how) => {
      const connections = world.connections.matching(target)
      for (const connection of connections) {
        if (how === 'drop') connection.drop()
        else connection.end(streamErrors[how]())
      }
      return connections.length
    },
    stop: async () => {
      world.outgoing.flush()
      for (const connection of world.connections.all()) connection.drop()
      await server.close()
      store.close()
    },
  }
  return simulator
}

function makeWorld(store: Store, log: (line: string) => void): World {
  const stored = store.entries<StoredServerIdentity>('server-identity')[0]?.[1] ?? generateServerIdentity()
  store.put('server-identity', stored)
  const connections = new Connections()
  const nowMs = Date.now
  return {
    log,
    nowMs,
    store,
    identity: serverIdentityOf(stored, nowMs()),
    accounts: new Accounts(store),
    preKeys: new PreKeyShelves(store),
    connections,
    outgoing: new Outgoing(store),
    queue: new DeliveryQueue(store, connections),
    faults: new FaultRules(() => connections.newestId),
    pairing: new PairingDesk(store),
    phones: new Map(),
  }
}

async function listen(world: World, host: string, port: number): Promise<{ port: number; close(): Promise<void> }> {
  const http = createServer((_request, response) => response.writeHead(426).end('This is a WebSocket server.\n'))
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  http.on('upgrade', (request, socket, head) => {
    const subject = { connectionId: world.connections.newestId + 1, number: undefined, deviceId: undefined }
    if (world.faults.strikeConnection(subject, 'refuse-connection')) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n')
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => acceptConnection(world, webSocket))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, resolve)
  })
  return {
    port: (http.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        for (const client of webSockets.clients) client.terminate()
        http.close(() => resolve())
        http.closeAllConnections()
      }),
  }
}

/** A Brazilian mobile number that no account has. */
function freeNumber(accounts: Accounts): string {
  for (;;) {
    const number = `55119${randomInt(60_000_000, 100_000_000)}`
    if (!accounts.byNumber(number)) return number
  }
}
