import type { WorkerHealth } from '#contracts/worker-protocol.ts'
import type { Deliveries } from '#core/ports/deliveries.ts'
import type { Driver } from '#core/ports/driver.ts'
import type { Inbound } from '#core/ports/inbound.ts'
import type { Outbox } from '#core/ports/outbox.ts'
import type { ServerLeases } from '#core/ports/servers.ts'
import type { SessionKeys } from '#core/ports/session-keys.ts'
import type { SessionLeases } from '#core/ports/session-leases.ts'
import type { WorkerConfig } from './config.ts'
import { createHttpApp } from './http/app.ts'
import { createCommands } from './http/commands.ts'
import { startEdgeKeys, type EdgeKeys } from './http/edge-keys.ts'
import { listen, type HttpServer } from './http/listen.ts'
import { createUsedTokens } from './http/used-tokens.ts'
import { verifyServiceToken } from './http/verify-service-token.ts'
import { startProjector, type DecodePlaintext } from './inbound/projector.ts'
import { createServerLease } from './lease/server-lease.ts'
import type { LeaseClock } from './lease/lease-clock.ts'
import type { Log } from './log.ts'
import type { Loop } from './loop.ts'
import { startExpirySweep } from './outbox/expiry-sweep.ts'
import { createOutboxSender } from './outbox/outbox-sender.ts'
import { createReceiptWriter } from './outbox/receipt-writer.ts'
import { defaultTimings, type WorkerOverrides } from './overrides.ts'
import { createSessionHost } from './sessions/session-host.ts'
import { createStartGate } from './sessions/start-gate.ts'
import { within } from './timing.ts'
import { version } from './version.ts'
import { createWebhookDispatcher } from './webhooks/dispatcher.ts'
import { createGuardedAgent } from './webhooks/guarded-agent.ts'
import { postEvent } from './webhooks/post-event.ts'

const handshakesPerSecond = 10
/** Sessions give their leases back within this; what is left ends with the server's lease. */
const handOverMs = 4_000

/** Everything outside the process that a worker works with. */
export interface WorkerParts {
  serverLeases: ServerLeases
  sessionLeases: SessionLeases
  sessionKeys: SessionKeys
  outbox: Outbox
  inbound: Inbound
  deliveries: Deliveries
  driver: Driver
  decode: DecodePlaintext
  clock: LeaseClock
  log: Log
  /** Called once, after the last use of the stores. */
  close: () => Promise<void>
}

export interface Worker {
  /**
   * Listens, then resolves once the server's lease is held and sessions are being restored; waits as long as another run
   * holds it. Throws when the address cannot be bound.
   */
  start(): Promise<void>
  /** Finishes what is in flight, hands sessions and leases back and closes everything. Idempotent. */
  stop(): Promise<void>
  /** `http://host:port` as bound; undefined before `start`. */
  url(): string | undefined
}

/** Wires the rooms of the worker to each other. `createWorker` gives it the real parts, tests give it fakes. */
export function assembleWorker(config: WorkerConfig, parts: WorkerParts, overrides: WorkerOverrides = {}): Worker {
  const { clock, log, outbox: outboxStore } = parts
  const timings = { ...defaultTimings, ...overrides.timings }
  const { serverId } = config
  const random = Math.random
  const allowLoopback = overrides.allowLoopbackWebhooks ?? false
  const startedAt = performance.now()

  const lease = createServerLease({ serverId, leases: parts.serverLeases, clock, log, random })
  const agent = createGuardedAgent({ allowLoopback })
  const posting = { dispatcher: agent, clock, allowLoopback, ownHost: new URL(config.edgeJwksUrl).hostname }
  const dispatcher = createWebhookDispatcher({
    deliveries: parts.deliveries,
    post: (delivery) => postEvent(posting, delivery),
    intervalMs: timings.dispatchIntervalMs,
    log,
    random,
  })
  const receipts = createReceiptWriter({ outbox: outboxStore, log, onWritten: () => dispatcher.hint() })
  const host = createSessionHost({
    serverId,
    leases: parts.sessionLeases,
    keys: parts.sessionKeys,
    driver: parts.driver,
    gate: createStartGate(overrides.handshakesPerSecond ?? handshakesPerSecond),
    lease,
    clock,
    log,
    random,
    reconcileIntervalMs: timings.reconcileIntervalMs,
    observer: {
      onConnected: () => outbox.hint(),
      onReceipt: (session, receipt) => receipts.write(session, receipt),
      onJournaled: () => projector?.hint(),
      onReported: () => dispatcher.hint(),
    },
  })
  const outbox = createOutboxSender({
    outbox: outboxStore,
    sessions: () => host.sessions(),
    intervalMs: timings.outboxIntervalMs,
    log,
    onSettled: () => dispatcher.hint(),
  })
  let projector: Loop | undefined
  let expiry: Loop | undefined
  let keys: EdgeKeys | undefined
  let server: HttpServer | undefined
  let stopping: Promise<void> | undefined

  function health(): WorkerHealth {
    const held = lease.incarnation() !== undefined
    const reachable = lease.databaseReachable()
    return {
      status: held && reachable ? 'healthy' : 'degraded',
      server_id: serverId,
      version,
      uptime_seconds: Math.round((performance.now() - startedAt) / 1000),
      lease: { held },
      database: { reachable },
      sessions: host.counts(),
    }
  }

  async function openHttp(): Promise<HttpServer> {
    keys = startEdgeKeys(config.edgeJwksUrl, log)
    const tokens = {
      keyOf: keys.keyOf,
      serverId,
      incarnation: () => lease.incarnation(),
      clock,
      usedTokens: createUsedTokens(),
    }
    const app = createHttpApp({
      commands: createCommands({ host, outbox }),
      authenticate: (request) => verifyServiceToken(tokens, request),
      health,
      log,
    })
    return listen(app, config)
  }

  function startLoops(): void {
    host.start()
    outbox.start()
    dispatcher.start()
    projector = startProjector({
      inbound: parts.inbound,
      decode: parts.decode,
      instances: () => host.sessions().map(({ instanceId }) => instanceId),
      intervalMs: timings.projectIntervalMs,
      log,
      onProjected: () => dispatcher.hint(),
    })
    expiry = startExpirySweep({
      outbox: outboxStore,
      intervalMs: timings.expireIntervalMs,
      log,
      onExpired: () => dispatcher.hint(),
    })
  }

  /** In order: nothing new comes in, what is in flight ends, sessions are handed over, the server is given back. */
  async function stop(): Promise<void> {
    const grace = timings.stopGraceMs
    const drained = [
      server?.close(grace),
      outbox.stop(),
      dispatcher.stop(),
      projector?.stop(),
      expiry?.stop(),
      keys?.stop(),
    ]
    await within(grace, Promise.allSettled(drained.map((work) => Promise.resolve(work))))
    await within(handOverMs, host.stop())
    // What could not be handed over in time ends with the server's lease.
    host.fence()
    await lease.stop()
    await agent.destroy()
    await parts.close()
    log.info('The worker has stopped.', { server: serverId })
  }

  return {
    async start() {
      server = await openHttp()
      log.info('The worker listens.', {
        server: serverId,
        host: config.host,
        port: Number(new URL(server.url).port),
        version,
      })
      await lease.start({ onGained: () => host.hint(), onLost: () => host.fence() })
      if (stopping === undefined) startLoops()
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
    url: () => server?.url,
  }
}
