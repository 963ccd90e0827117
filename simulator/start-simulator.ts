import { randomInt } from 'node:crypto'
import type { ConnectionInfo, MakePhoneOptions, Phone, Simulator, SimulatorOptions } from './api.ts'
import type { Account } from './accounts/account.ts'
import { Accounts } from './accounts/accounts.ts'
import { PreKeyShelves } from './accounts/pre-key-shelf.ts'
import type { ControlledSimulator } from './control/control-api.ts'
import { startControlApi } from './control/start-control-api.ts'
import { FaultRules } from './faults/fault-rules.ts'
import { generateServerIdentity, serverIdentityOf } from './noise/certificate-chain.ts'
import type { StoredServerIdentity } from './noise/certificate-chain.ts'
import { refreshRegistration } from './phones/scan-qr.ts'
import { VirtualPhone } from './phones/virtual-phone.ts'
import type { Connection } from './server/connection.ts'
import { Connections } from './server/connections.ts'
import { DeliveryQueue } from './server/delivery-queue.ts'
import { listen } from './server/listen.ts'
import { Outgoing } from './server/outgoing.ts'
import { PairingDesk } from './server/pairing-desk.ts'
import { streamErrors } from './server/stream-errors.ts'
import type { World } from './server/world.ts'
import { JournalStore } from './store/journal-store.ts'
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
  const store = options.dataDir === undefined ? noStore : new JournalStore(options.dataDir)
  try {
    const world = makeWorld(store, options.log ?? (() => undefined))
    const server = await listen(world, { host, port: options.port ?? 0 })
    const simulator = simulatorOf(world, `ws://${host}:${server.port}${WEB_SOCKET_PATH}`)
    const { controlPort } = options
    const control =
      controlPort === undefined
        ? undefined
        : await startControlApi(simulator, { host, port: controlPort }).catch(async (error: unknown) => {
            await server.close()
            throw error
          })
    const stop = async (): Promise<void> => {
      world.outgoing.close()
      await Promise.all([server.close(), control?.close()])
      store.close()
    }
    return { ...simulator, controlUrl: control?.url, stop }
  } catch (error) {
    store.close()
    throw error
  }
}

function makeWorld(store: Store, log: (line: string) => void): World {
  const [kept] = store.entries<StoredServerIdentity>('server-identity')
  const identity = kept?.[1] ?? generateServerIdentity()
  if (!kept) store.put('server-identity', 'root', identity)
  const connections = new Connections()
  const nowMs = Date.now
  const world: World = {
    log,
    nowMs,
    store,
    identity: serverIdentityOf(identity, nowMs()),
    accounts: new Accounts(store),
    preKeys: new PreKeyShelves(store),
    connections,
    outgoing: new Outgoing(store),
    queue: new DeliveryQueue(store, connections),
    faults: new FaultRules(() => connections.newestId),
    pairing: new PairingDesk(store),
    phones: new Map(),
  }
  return world
}

function simulatorOf(world: World, url: string): ControlledSimulator {
  const phones = new Map<string, VirtualPhone>()
  const addPhone = (account: Account): VirtualPhone => {
    const phone = new VirtualPhone(world, account)
    phones.set(account.number, phone)
    world.phones.set(account.number, phone)
    return phone
  }
  for (const account of world.accounts.all()) addPhone(account)
  const infoOf = (connection: Connection): ConnectionInfo =>
    world.connections.infoOf(connection, connection.device ? world.queue.size(connection.device) : 0)

  return {
    url,
    rootPublicKey: new Uint8Array(world.identity.rootPublicKey),
    faults: world.faults,
    makePhone: async ({ phoneNumber, name }: MakePhoneOptions = {}) => {
      if (phoneNumber !== undefined && !E164.test(phoneNumber)) {
        throw new Error(`"${phoneNumber}" is no phone number: write it in E.164, like +5511987654321.`)
      }
      const number = phoneNumber?.slice(1) ?? freeNumber(world.accounts)
      const existing = phones.get(number)
      if (existing) return existing
      const phone = addPhone(world.accounts.create(number, name ?? `Phone ${number.slice(-4)}`))
      world.store.flush()
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
  }
}

/** A Brazilian mobile number that no account has. */
function freeNumber(accounts: Accounts): string {
  for (;;) {
    const number = `55119${randomInt(60_000_000, 100_000_000)}`
    if (!accounts.byNumber(number)) return number
  }
}
