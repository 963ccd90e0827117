import { drizzle } from 'drizzle-orm/node-postgres'
import type { OutboundContent } from '#contracts/message-content.ts'
import type { Message } from '#core/ports/messages.ts'
import { createPool } from '#db/clients/pg-pool.ts'
import { createKeyRing } from '#db/crypto/key-ring.ts'
import { createDeliveries } from '#db/worker-stores/deliveries.ts'
import { createFleet } from '#db/worker-stores/fleet.ts'
import { createInbound } from '#db/worker-stores/inbound.ts'
import { createOutbox } from '#db/worker-stores/outbox.ts'
import { createServerLeases } from '#db/worker-stores/server-leases.ts'
import { createServerSamples } from '#db/worker-stores/server-samples.ts'
import { createSessionKeys } from '#db/worker-stores/session-keys.ts'
import { createSessionLeases } from '#db/worker-stores/session-leases.ts'
import { assembleWorker, type Worker } from './assemble-worker.ts'
import type { WorkerConfig } from './config.ts'
import { createBaileysDriver } from './driver/baileys/baileys-driver.ts'
import { decodePlaintext } from './driver/baileys/decode-plaintext.ts'
import { createHostPresence } from './lease/host-presence.ts'
import { createLeaseClock } from './lease/lease-clock.ts'
import { createLog } from './log.ts'
import { openMachine } from './metrics/machine.ts'
import { measureDriver } from './metrics/measure-driver.ts'
import { measureStores } from './metrics/measure-stores.ts'
import { createWorkerMetrics } from './metrics/worker-metrics.ts'
import { httpDoor } from './http/open-door.ts'
import type { WorkerOverrides } from './overrides.ts'
import { createCheckHost } from './webhooks/check-host.ts'
import { createGuardedAgent } from './webhooks/guarded-agent.ts'
import { postEvent } from './webhooks/post-event.ts'
import { createResolveHost } from './webhooks/resolve-host.ts'

/**
 * The composition root: the only place that makes a worker's adapters. `overrides` is for the entry files of the local
 * stack and for tests; production passes none, and no environment variable leads there.
 */
export async function createWorker(config: WorkerConfig, overrides: WorkerOverrides = {}): Promise<Worker> {
  const log = createLog(config.logLevel, overrides.logTo)
  const metrics = createWorkerMetrics()
  const pool = createPool({
    databaseUrl: config.databaseUrl,
    onRoundTrip: () => metrics.databaseRoundTrips.inc(),
    onIdleError: (error) => log.warn('A database connection broke while idle.', { error }),
  })
  const database = drizzle({ client: pool })
  const clock = createLeaseClock()
  const measured = measureStores(
    {
      serverLeases: createServerLeases(database),
      serverSamples: createServerSamples(database),
      sessionLeases: createSessionLeases(database),
      fleet: createFleet(database),
      sessionKeys: createSessionKeys(database, createKeyRing(config.sessionKeyRing)),
      outbox: createOutbox(database),
      inbound: createInbound(database),
      deliveries: createDeliveries(database, {
        keyRing: createKeyRing(config.webhookKeyRing),
        onUnreadableSecret: (endpoint, error) =>
          log.error("An endpoint's secret cannot be opened.", { endpoint, error }),
      }),
    },
    metrics,
    clock,
  )
  const stores = overrides.wrapStores?.(measured) ?? measured
  const { sessionKeys, outbox } = stores
  const driver = createBaileysDriver({
    keys: sessionKeys,
    findSent: async (instanceId, waMessageId) => sentContent(await outbox.findByWaMessageId(instanceId, waMessageId)),
    clock,
    log,
    endpoint: overrides.whatsapp,
  })

  const allowLoopback = overrides.allowLoopbackWebhooks ?? false
  const guard = { allowLoopback, resolve: createResolveHost() }
  const agent = createGuardedAgent(guard)
  const machine = openMachine(config.dataDir)
  const posting = { dispatcher: agent, clock, allowLoopback, ownHost: new URL(config.edgeJwksUrl).hostname }

  return assembleWorker(
    config,
    {
      ...stores,
      driver: measureDriver(driver, metrics),
      decode: decodePlaintext,
      post: (delivery) => postEvent(posting, delivery),
      checkHost: createCheckHost(guard),
      openDoor: httpDoor({ config, clock, metrics, log }),
      machine,
      metrics,
      clock,
      log,
      presence: createHostPresence({ dataDir: config.dataDir, serverId: config.serverId, log }),
      async close() {
        machine.close()
        await agent.destroy()
        await pool.end()
      },
    },
    overrides,
  )
}

/** The edge stores nothing but outbound contents in outbound rows. */
function sentContent(message: Message | undefined): OutboundContent | undefined {
  return message?.direction === 'outbound' ? (message.content as OutboundContent) : undefined
}
