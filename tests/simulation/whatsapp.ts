import { createHash } from 'node:crypto'
import type { InstanceId } from '#contracts/ids.ts'
import type { CloseCause, Connection, ConnectionListener, Driver, SendOutcome } from '#core/ports/driver.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import type { MemoryDatabase } from '#core/testing/memory-database.ts'
import { causeOfBrokenStore } from '#worker-node/driver/broken-store.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'
import type { Watch } from './watch.ts'
import type { Weather } from './weather.ts'

/** As the driver waits for the server's ack, and for any sign of life (driver-options.ts). */
const ackTimeoutMs = 20_000
const silenceMs = 45_000

/** What waits at WhatsApp for an account until it was taken. */
type Item =
  | { kind: 'message'; waMessageId: string; from: string; body: string; ciphertext: string }
  | { kind: 'receipt'; receipt: Receipt }

interface Account {
  instanceId: InstanceId
  phoneNumber: string
  waiting: Item[]
  wire: Wire | undefined
}

/** A message as a recipient's phone shows it. */
export interface Shown {
  instanceId: InstanceId
  chat: string
  waMessageId: string
  body: string
  /** How often it came over the wire; the phone drops what it has. */
  raw: number
}

/** One connection as both sides see it. Each side's bytes arrive in order; what is on its way when it breaks may be lost. */
interface Wire {
  machine: Machine
  account: Account
  serverOpen: boolean
  clientOpen: boolean
  /** Items handed to the client and not yet taken. */
  handed: number
  arrivals: { server: number; client: number }
  onAck: Map<string, (code: number | undefined) => void>
  onItem: (item: Item) => void
  onClosed: (kind: CloseCause['kind']) => void
}

/**
 * WhatsApp and the driver that speaks to it, as a model: the driver's promises (docs/baileys.md) are what it keeps. The ratchet is
 * committed before the bytes leave, the journal before the receipt; one item after the other; a store that breaks ends
 * the connection first. The real driver is held to them by its own suites.
 */
export interface WhatsApp {
  driver(machine: Machine, keys: SessionKeys): Driver
  addAccount(instanceId: InstanceId, phoneNumber: string): void
  /** A contact writes to the account; `again` is the same message under a new ciphertext. */
  write(instanceId: InstanceId, from: string, waMessageId: string, body: string): void
  /** The server ends the account's connection. */
  drop(instanceId: InstanceId, kind: CloseCause['kind']): void
  /** The process is gone; its connections with it. */
  died(machine: Machine): void
  /** In the order in which they were first shown. */
  shown(): readonly Shown[]
  /** Whether it refused the message because its account may not write to anybody new. */
  restricted(waMessageId: string): boolean
  idle(): boolean
  connected(instanceId: InstanceId): boolean
}

/** How a body begins that WhatsApp refuses. */
export const refusedBody = 'refuse me'

export function createWhatsApp(deps: {
  time: VirtualTime
  weather: Weather
  watch: Watch
  database: MemoryDatabase
}): WhatsApp {
  const { time, weather, watch, database } = deps
  const { random } = time
  const accounts = new Map<InstanceId, Account>()
  const shown = new Map<string, Shown>()
  const restricted = new Set<string>()
  let ciphertexts = 0

  const latency = () => (random.chance(0.05) ? random.between(20, 400) : random.between(1, 20))

  /** Arrives at one side after everything that was sent there before, unless the wire breaks first. */
  function carry(wire: Wire, to: 'server' | 'client', arrive: () => void): void {
    const at = Math.max(wire.arrivals[to], time.now + latency())
    wire.arrivals[to] = at
    time.after(at - time.now, to === 'client' ? wire.machine : undefined, () => {
      if (to === 'client' ? wire.clientOpen : wire.serverOpen) arrive()
    })
  }

  /** The server's end is closed now; the client learns of it a little later, or only by the silence. */
  function breakAtServer(wire: Wire, kind: CloseCause['kind']): void {
    if (!wire.serverOpen) return
    wire.serverOpen = false
    if (wire.account.wire === wire) wire.account.wire = undefined
    const noticedMs = random.chance(weather.halfOpen) ? silenceMs : latency()
    const at = random.chance(0.5) ? Math.max(wire.arrivals.client, time.now + noticedMs) : time.now + noticedMs
    time.after(at - time.now, wire.machine, () => wire.onClosed(kind))
  }

  /** The client closed, or its process is gone. */
  function breakAtClient(wire: Wire): void {
    wire.clientOpen = false
    const noticedMs = random.chance(weather.halfOpen) ? random.between(1_000, 30_000) : latency()
    const at = random.chance(0.5) ? Math.max(wire.arrivals.server, time.now + noticedMs) : time.now + noticedMs
    time.after(at - time.now, undefined, () => {
      wire.serverOpen = false
      if (wire.account.wire === wire) wire.account.wire = undefined
    })
  }

  function give(account: Account): void {
    const { wire } = account
    if (wire === undefined) return
    while (wire.handed < account.waiting.length) {
      const item = account.waiting[wire.handed++]
      if (item === undefined) return
      carry(wire, 'client', () => wire.onItem(item))
    }
  }

  function put(account: Account, item: Item): void {
    account.waiting.push(item)
    give(account)
  }

  /** The client confirmed an item: it is never sent again, so it must be durable by now. */
  function taken(wire: Wire, item: Item): void {
    const { account } = wire
    if (item.kind === 'message' && !isJournaled(account.instanceId, item.ciphertext)) {
      watch.accuse('a message was acknowledged to WhatsApp before it was durable')
    }
    if (item.kind === 'receipt' && !isApplied(account.instanceId, item.receipt)) {
      watch.accuse('a receipt was acknowledged to WhatsApp before the status of its message was')
    }
    const index = account.waiting.indexOf(item)
    if (index < 0) return
    account.waiting.splice(index, 1)
    if (account.wire !== undefined && index < account.wire.handed) account.wire.handed -= 1
  }

  function isJournaled(instanceId: InstanceId, ciphertext: string): boolean {
    const hash = hashOf(ciphertext)
    return database.tables.inboundJournal.some(
      (row) => row.instanceId === instanceId && Buffer.from(row.ciphertextHash).equals(hash),
    )
  }

  function isApplied(instanceId: InstanceId, { waMessageIds, status }: Receipt): boolean {
    const rows = database.tables.messages.filter(
      (row) => row.instanceId === instanceId && waMessageIds.includes(row.waMessageId),
    )
    return rows.every((row) => row.status === 'read' || row.status === status)
  }

  /** A message of the account's reached the server. */
  function arrived(wire: Wire, chat: string, waMessageId: string, body: string): void {
    const { account } = wire
    if (random.chance(weather.closeBefore)) return breakAtServer(wire, 'connection-lost')
    const answer = (code: number | undefined) => carry(wire, 'client', () => wire.onAck.get(waMessageId)?.(code))
    if (body.startsWith(refusedBody)) return answer(400)
    if (random.chance(weather.tooFast)) return answer(429)
    if (weather.restricted.has(account.instanceId) && !haveMet(account, chat)) {
      restricted.add(waMessageId)
      return answer(463)
    }
    const key = `${account.instanceId} ${waMessageId}`
    const known = shown.get(key)
    if (known === undefined) {
      shown.set(key, { instanceId: account.instanceId, chat, waMessageId, body, raw: 1 })
      time.tell(() => `${chat} sees "${body}"`)
      const receipt: Receipt = { waMessageIds: [waMessageId], status: 'delivered' }
      time.after(random.between(5, 2_000), undefined, () => put(account, { kind: 'receipt', receipt }))
      if (random.chance(0.3)) {
        const read: Receipt = { waMessageIds: [waMessageId], status: 'read' }
        time.after(random.between(2_000, 4_000), undefined, () => put(account, { kind: 'receipt', receipt: read }))
      }
    } else {
      known.raw += 1
      if (known.body !== body || known.chat !== chat) watch.accuse('one id was used for two messages')
    }
    if (random.chance(weather.lostAck)) return
    if (random.chance(weather.closeAfter)) return breakAtServer(wire, 'connection-lost')
    answer(undefined)
  }

  /** Contacts never write from the numbers to which accounts write. */
  function haveMet({ instanceId }: Account, chat: string): boolean {
    return [...shown.values()].some((one) => one.instanceId === instanceId && one.chat === chat)
  }

  function login(wire: Wire): void {
    const { account } = wire
    if (account.wire !== undefined) breakAtServer(account.wire, 'replaced')
    account.wire = wire
    wire.handed = 0
    carry(wire, 'client', () => opened.get(wire)?.())
    give(account)
  }
  const opened = new WeakMap<Wire, () => void>()

  function open(
    machine: Machine,
    keys: SessionKeys,
    { instanceId, fence }: { instanceId: InstanceId; fence: Fence },
    listener: ConnectionListener,
  ): Connection {
    const account = accounts.get(instanceId)
    if (account === undefined) throw new Error('The simulation opens a session that it did not make.')
    let state: 'starting' | 'open' | 'ended' = 'starting'
    const sends = new Set<() => void>()
    let taking = Promise.resolve()

    const wire: Wire = {
      machine,
      account,
      serverOpen: true,
      clientOpen: true,
      handed: 0,
      arrivals: { server: 0, client: 0 },
      onAck: new Map(),
      onItem: (item) => {
        taking = taking.then(() => take(item))
      },
      onClosed: (kind) => end({ kind, code: null, detail: 'the simulation' }),
    }

    /** Closed first, told afterwards: nothing is sent from here on. */
    function end(cause: CloseCause): void {
      if (state === 'ended') return
      state = 'ended'
      if (wire.serverOpen || wire.clientOpen) breakAtClient(wire)
      for (const giveUp of sends) giveUp()
      listener.onClosed(cause)
    }

    async function take(item: Item): Promise<void> {
      if (state !== 'open') return
      try {
        if (item.kind === 'message') {
          await keys.commit(fence, { journal: [journalEntryOf(item)] })
          if (isEnded()) return
          listener.onJournaled()
        } else if (!(await listener.onReceipt(item.receipt))) return
      } catch (error) {
        return end(causeOfBrokenStore(error))
      }
      carry(wire, 'server', () => taken(wire, item))
    }

    const isEnded = () => state === 'ended'

    async function start(): Promise<void> {
      const credentials = await keys.loadCredentials(instanceId)
      if (isEnded()) return
      if (credentials === undefined) return end({ kind: 'logged-out', code: 401, detail: 'no credentials' })
      opened.set(wire, () => {
        if (state !== 'starting') return
        state = 'open'
        listener.onOpen({ phoneNumber: account!.phoneNumber, lid: null })
      })
      carry(wire, 'server', () => login(wire))
    }

    async function send(request: Parameters<Connection['send']>[0]): Promise<SendOutcome> {
      if (state !== 'open') return { outcome: 'unconfirmed' }
      const { messageId, waMessageId, to, content } = request
      const leaving = await keys.commit(fence, { sending: [messageId] })
      if (leaving.length === 0) return { outcome: 'withdrawn' }
      if (isEnded()) return { outcome: 'unconfirmed' }
      return new Promise((resolve) => {
        const timer = setTimeout(() => done({ outcome: 'unconfirmed' }), ackTimeoutMs)
        const giveUp = () => done({ outcome: 'unconfirmed' })
        function done(outcome: SendOutcome): void {
          clearTimeout(timer)
          sends.delete(giveUp)
          wire.onAck.delete(waMessageId)
          resolve(outcome)
        }
        sends.add(giveUp)
        wire.onAck.set(waMessageId, (code) =>
          done(code === undefined ? { outcome: 'acked' } : { outcome: 'refused', code }),
        )
        carry(wire, 'server', () => arrived(wire, to, waMessageId, content.text.body))
      })
    }

    void start().catch((error: unknown) => end(causeOfBrokenStore(error)))
    return {
      send: (request) =>
        send(request).catch((error: unknown) => {
          end(causeOfBrokenStore(error))
          return { outcome: 'unconfirmed' }
        }),
      requestPairingCode: () => Promise.reject(new Error('Nothing is paired here.')),
      logout: () => Promise.reject(new Error('Nothing is logged out here.')),
      async close() {
        end({ kind: 'closed-by-us', code: null, detail: 'closed on request' })
      },
    }
  }

  return {
    driver: (machine, keys) => ({ open: (session, listener) => open(machine, keys, session, listener) }),
    addAccount: (instanceId, phoneNumber) =>
      void accounts.set(instanceId, { instanceId, phoneNumber, waiting: [], wire: undefined }),
    write(instanceId, from, waMessageId, body) {
      const account = accounts.get(instanceId)
      const ciphertext = `ciphertext ${++ciphertexts}`
      if (account !== undefined) put(account, { kind: 'message', waMessageId, from, body, ciphertext })
    },
    drop(instanceId, kind) {
      const wire = accounts.get(instanceId)?.wire
      if (wire !== undefined) breakAtServer(wire, kind)
    },
    died(machine) {
      for (const { wire } of accounts.values()) if (wire?.machine === machine) breakAtClient(wire)
    },
    shown: () => [...shown.values()],
    restricted: (waMessageId) => restricted.has(waMessageId),
    idle: () => [...accounts.values()].every(({ waiting }) => waiting.length === 0),
    connected: (instanceId) => accounts.get(instanceId)?.wire?.machine.alive === true,
  }
}

function journalEntryOf({ waMessageId, from, body, ciphertext }: Extract<Item, { kind: 'message' }>) {
  return {
    ciphertextHash: hashOf(ciphertext),
    waMessageId,
    stanza: { id: waMessageId, from },
    plaintext: Buffer.from(body),
  }
}

function hashOf(ciphertext: string): Buffer {
  return createHash('sha256').update(ciphertext).digest()
}
