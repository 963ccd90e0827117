import { drizzle } from 'drizzle-orm/node-postgres'
import type { CloseCause, Connection, Driver } from '#core/ports/driver.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { createKeyRing } from '#db/crypto/key-ring.ts'
import { createSessionKeys } from '#db/worker-stores/session-keys.ts'
import { createBaileysDriver } from '#worker-node/driver/baileys/baileys-driver.ts'
import { silentLog } from '#worker-node/log.ts'
import type { Session, Variant } from '#bench/subject/session.ts'
import { createSignal, type Signal } from '#bench/subject/signal.ts'
import type { Account, SubjectSettings } from '#bench/subject/subject-calls.ts'
import { queueMessages, type MessageDatabase } from './queue-messages.ts'

interface Parts {
  driver: Driver
  database: MessageDatabase
  /** The phone's instance id, once per journaled message. */
  arrivals: Signal<string>
}

/** The driver as the worker makes it: its pool, its key ring, its stores; only the log is silent. */
export function openDriver(settings: SubjectSettings): Variant {
  const pool = createPool({ databaseUrl: settings.databaseUrl })
  const database = drizzle({ client: pool })
  const arrivals = createSignal<string>()
  const keys = createSessionKeys(database, createKeyRing(settings.sessionKeyRing))
  const driver = createBaileysDriver({
    keys: tellingArrivals(keys, arrivals),
    findSent: async () => undefined,
    log: silentLog,
    endpoint: settings.simulator,
  })
  return { session: (account) => driverSession({ driver, database, arrivals }, account), close: () => pool.end() }
}

function tellingArrivals(keys: SessionKeys, arrivals: Signal<string>): SessionKeys {
  return {
    ...keys,
    async commit(fence, change) {
      const became = await keys.commit(fence, change)
      change.journal?.forEach(() => arrivals.emit(fence.instanceId))
      return became
    },
  }
}

type Told = { told: 'qr'; qr: string } | { told: 'open' } | { told: 'closed'; cause: CloseCause }

function driverSession({ driver, database, arrivals }: Parts, { fence }: Account): Session {
  const { instanceId } = fence
  const tellings = createSignal<Told>()
  let connection: Connection | undefined

  function connect(): void {
    connection = driver.open(
      { instanceId, fence },
      {
        onQr: (qr) => tellings.emit({ told: 'qr', qr }),
        onPaired: () => {},
        onOpen: () => tellings.emit({ told: 'open' }),
        onReceipt: async () => true,
        onJournaled: () => {},
        onClosed: (cause) => tellings.emit({ told: 'closed', cause }),
      },
    )
  }

  async function open(): Promise<void> {
    const settled = tellings.next(({ told }) => told === 'open' || told === 'closed')
    connect()
    const outcome = await settled
    if (outcome.told === 'closed') throw new Error(`The driver was not let in: ${JSON.stringify(outcome.cause)}`)
  }

  return {
    async pair(scan) {
      const settled = tellings.next(({ told }) => told === 'closed')
      const shown = tellings.next(({ told }) => told === 'qr')
      connect()
      const first = await Promise.race([shown, settled])
      if (first.told === 'qr') await scan(first.qr)
      const outcome = await settled
      if (outcome.told !== 'closed' || outcome.cause.kind !== 'restart-required') {
        throw new Error(`The driver did not pair: ${JSON.stringify(outcome)}`)
      }
      await open()
    },
    open,
    async prepare(to) {
      const requests = await queueMessages(database, instanceId, to)
      return requests.map((request) => async () => {
        const outcome = await connection?.send(request)
        if (outcome?.outcome !== 'acked') throw new Error(`Not sent: ${JSON.stringify(outcome)}`)
      })
    },
    async nextMessage() {
      await arrivals.next((arrived) => arrived === instanceId)
    },
    async close() {
      await connection?.close()
    },
  }
}
