import type { ServerId } from '#contracts/ids.ts'
import { createMemoryDeliveries } from '#core/testing/memory-deliveries.ts'
import { createMemoryFleet } from '#core/testing/memory-fleet.ts'
import { createMemoryInbound } from '#core/testing/memory-inbound.ts'
import { createMemoryOutbox } from '#core/testing/memory-outbox.ts'
import { createMemoryServerLeases } from '#core/testing/memory-server-leases.ts'
import { createMemoryServerSamples } from '#core/testing/memory-server-metrics.ts'
import { createMemorySessionKeys } from '#core/testing/memory-session-keys.ts'
import { createMemorySessionLeases } from '#core/testing/memory-session-leases.ts'
import type { JournalRow } from '#core/ports/inbound.ts'
import type { MemoryDatabase } from '#core/testing/memory-database.ts'
import { assembleWorker, type Worker } from '#worker-node/assemble-worker.ts'
import type { Behind } from '#worker-node/http/open-door.ts'
import { noPresence } from '#worker-node/lease/host-presence.ts'
import { createLeaseClock } from '#worker-node/lease/lease-clock.ts'
import type { Log } from '#worker-node/log.ts'
import { createWorkerMetrics } from '#worker-node/metrics/worker-metrics.ts'
import { linkStore } from './database-link.ts'
import type { Receivers } from './receivers.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'
import type { Watch } from './watch.ts'
import type { Weather } from './weather.ts'
import type { WhatsApp } from './whatsapp.ts'

/** How a plaintext begins that the decoder throws on. */
export const poisonBody = 'poison'

/** Nothing of a real machine is measured: a seed must play the same everywhere. */
const idleMachine = { cpu: 0, memory: 0, disk: 0, networkIn: 0, networkOut: 0, eventLoopLagMs: 0 }

/** One server with its worker, which is the real one: only what it takes from outside is simulated. */
export interface ServerSlot {
  readonly serverId: ServerId
  readonly name: string
  /** The process that runs now; undefined when none does. */
  readonly machine: Machine | undefined
  readonly worker: Worker | undefined
  /** What its HTTP side gives access to, once it is open. */
  readonly behind: Behind | undefined
  /** Nothing when a process runs already. */
  boot(wallOffsetMs: number): void
  /** kill -9. */
  kill(): void
  /** kill -9, and nothing runs on this server ever again. */
  loseForGood(): void
  /** Whether nothing runs here ever again. */
  readonly isLost: boolean
  /** SIGTERM; the process is gone when the worker has stopped. */
  terminate(): void
  /** From now on a server without a process gets one, as the machine's supervisor would do it. */
  supervise(): void
}

let metrics: ReturnType<typeof createWorkerMetrics> | undefined

export function createServerSlot(
  deps: {
    time: VirtualTime
    weather: Weather
    watch: Watch
    database: MemoryDatabase
    whatsapp: WhatsApp
    receivers: Receivers
    /** First messages to new chats per minute; null is no pace. */
    newChatsPerMinute: number | null
  },
  serverId: ServerId,
  name: string,
): ServerSlot {
  const { time, database, whatsapp, receivers } = deps
  // Counters only; one registry serves all that ever run here.
  metrics ??= createWorkerMetrics()
  const shared = metrics
  let runs = 0
  let supervised = false
  let booting = false
  let isLost = false
  let running: { machine: Machine; worker: Worker; behind: Behind | undefined } | undefined

  function start(machine: Machine): void {
    const link = <S extends object>(store: S) => linkStore(store, { ...deps, machine })
    const sessionKeys = link(createMemorySessionKeys(database))
    const worker = assembleWorker(
      {
        databaseUrl: 'memory:',
        serverId,
        host: '127.0.0.1',
        port: 0,
        edgeJwksUrl: 'https://edge.invalid',
        dataDir: '',
        sessionKeyRing: '',
        webhookKeyRing: '',
        logLevel: 'debug',
      },
      {
        serverLeases: link(createMemoryServerLeases(database)),
        serverSamples: link(createMemoryServerSamples(database)),
        sessionLeases: link(createMemorySessionLeases(database)),
        fleet: link(createMemoryFleet(database)),
        sessionKeys,
        outbox: link(createMemoryOutbox(database)),
        inbound: link(createMemoryInbound(database)),
        deliveries: link(createMemoryDeliveries(database)),
        driver: whatsapp.driver(machine, sessionKeys),
        decode: decodeText,
        post: (delivery) => receivers.post(machine, delivery),
        checkHost: async () => 'unknown',
        openDoor: async (behind) => {
          if (running?.machine === machine) running.behind = behind
          return { url: `http://${name}:1`, close: async () => {} }
        },
        machine: { measure: async () => idleMachine },
        metrics: shared,
        clock: createLeaseClock(),
        log: storyteller(time),
        presence: noPresence,
        close: async () => {},
      },
      {
        timings: {
          reconcileIntervalMs: 3_000,
          fleetIntervalMs: 3_000,
          outboxIntervalMs: 3_000,
          dispatchIntervalMs: 3_000,
          projectIntervalMs: 5_000,
          expireIntervalMs: 10_000,
        },
        handshakesPerSecond: 50,
        newChatsPerMinute: deps.newChatsPerMinute,
      },
    )
    booting = false
    running = { machine, worker, behind: undefined }
    worker.start().catch((error: unknown) => deps.watch.accuse(`a worker did not start: ${String(error)}`))
  }

  function gone(machine: Machine): void {
    time.kill(machine)
    whatsapp.died(machine)
    if (running?.machine === machine) running = undefined
    if (supervised) time.after(100, undefined, () => boot(0))
  }

  function boot(wallOffsetMs: number): void {
    if (isLost || booting || running !== undefined) return
    booting = true
    const machine = time.machine(`${name}.${++runs}`)
    machine.wallOffsetMs = wallOffsetMs
    time.after(0, machine, () => !isLost && start(machine))
  }

  function kill(): void {
    if (running === undefined) return
    time.tell(() => `kill -9 ${running?.machine.name}`)
    gone(running.machine)
  }

  return {
    serverId,
    name,
    get isLost() {
      return isLost
    },
    loseForGood() {
      isLost = true
      kill()
    },
    supervise() {
      supervised = true
      boot(0)
    },
    get machine() {
      return running?.machine
    },
    get worker() {
      return running?.worker
    },
    get behind() {
      return running?.behind
    },
    boot,
    kill,
    terminate() {
      const { machine, worker } = running ?? {}
      if (machine === undefined || worker === undefined) return
      time.after(0, machine, () => {
        time.tell(() => 'SIGTERM')
        worker.stop().then(
          () => gone(machine),
          (error: unknown) => deps.watch.accuse(`a worker did not stop: ${String(error)}`),
        )
      })
    },
  }
}

function decodeText({ stanza, plaintext }: JournalRow) {
  const body = Buffer.from(plaintext).toString()
  const { id, from } = stanza
  if (body.startsWith(poisonBody) || id === undefined || from === undefined) throw new Error('Nobody can decode this.')
  return { waMessageId: id, chat: from, sender: from, content: { type: 'text' as const, text: { body } } }
}

/** The worker's log is part of the story. */
function storyteller(time: VirtualTime): Log {
  const tell = (level: string) => (sentence: string, fields?: object) =>
    time.tell(() => `${level}${sentence}${fields === undefined ? '' : ` ${JSON.stringify(fields, flat)}`}`)
  return { error: tell('! '), warn: tell('! '), info: tell(''), debug: tell('') }
}

function flat(_key: string, value: unknown): unknown {
  return value instanceof Error ? value.message : value
}
