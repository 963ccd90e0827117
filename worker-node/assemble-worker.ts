import type { WorkerHealth } from '#contracts/worker-protocol.ts'
import type { ClaimedDelivery } from '#core/ports/deliveries.ts'
import type { Driver } from '#core/ports/driver.ts'
import { defaultPace } from '#core/rules/pacing.ts'
import type { WorkerConfig } from './config.ts'
import { startFleetWatch, type FleetWatch } from './fleet/fleet-watch.ts'
import { createCommands } from './http/commands.ts'
import { listen, type HttpServer } from './http/listen.ts'
import type { Door, OpenDoor } from './http/open-door.ts'
import { startOrphanSweep } from './inbound/orphan-sweep.ts'
import { createRowProjector, type DecodePlaintext } from './inbound/project-rows.ts'
import { startProjector } from './inbound/projector.ts'
import type { HostPresence } from './lease/host-presence.ts'
import { createServerLease } from './lease/server-lease.ts'
import type { LeaseClock } from './lease/lease-clock.ts'
import type { Log } from './log.ts'
import { startLoop, type Loop } from './loop.ts'
import type { Machine } from './metrics/machine.ts'
import type { WorkerStores } from './metrics/measure-stores.ts'
import { createMetricsApp } from './metrics/metrics-app.ts'
import { readWhenAsked, type WorkerMetrics } from './metrics/worker-metrics.ts'
import { startExpirySweep } from './outbox/expiry-sweep.ts'
import { createOutboxSender } from './outbox/outbox-sender.ts'
import { createReceiptWriter } from './outbox/receipt-writer.ts'
import { defaultTimings, type WorkerOverrides } from './overrides.ts'
import { createSessionHost } from './sessions/session-host.ts'
import { createStartGate } from './sessions/start-gate.ts'
import { within } from './timing.ts'
import { version } from './version.ts'
import type { CheckHost } from './webhooks/check-host.ts'
import { createWebhookDispatcher } from './webhooks/dispatcher.ts'
import type { PostedEvent } from './webhooks/post-event.ts'

const handshakesPerSecond = 10
/** Instances are handed over to other servers within this at the end; with what follows a stop takes 30 s at most. */
const leaveMs = 22_000
/** What nobody took gives its leases back within this; what is left then ends with the server's lease. */
const handOverMs = 4_000

/** Everything outside the process that a worker works with. */
export interface WorkerParts extends WorkerStores {
  driver: Driver
  decode: DecodePlaintext
  /** One attempt at one webhook. Never rejects. */
  post: (delivery: ClaimedDelivery) => Promise<PostedEvent>
  /** Whether a host name may be a webhook's. */
  checkHost: CheckHost
  openDoor: OpenDoor
  machine: Pick<Machine, 'measure'>
  metrics: WorkerMetrics
  clock: LeaseClock
  log: Log
  presence: HostPresence
  /** Called once, after the last use of everything here. */
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
  /** Something failed that nobody foresaw: every connection to WhatsApp ends now, without another write. The process has to end. */
  abort(error: unknown): void
  /** `http://host:port` as bound; undefined before `start`. */
  url(): string | undefined
  /** The same of `/metrics`; undefined also when the configuration asks for none. */
  metricsUrl(): string | undefined
}

/** Wires the rooms of the worker to each other. `createWorker` gives it the real parts, tests give it fakes. */
export function assembleWorker(config: WorkerConfig, parts: WorkerParts, overrides: WorkerOverrides = {}): Worker {
  const { clock, log, metrics, outbox: outboxStore } = parts
  const timings = { ...defaultTimings, ...overrides.timings }
  const { serverId } = config
  const random = Math.random
  const startedAt = performance.now()

  const lease = createServerLease({
    serverId,
    leases: parts.serverLeases,
    clock,
    log,
    random,
    presence: parts.presence,
  })
  const dispatcher = createWebhookDispatcher({
    deliveries: parts.deliveries,
    post: parts.post,
    incarnation: () => lease.incarnation(),
    intervalMs: timings.dispatchIntervalMs,
    log,
    random,
    onBreakerOpened: () => metrics.webhookBreakersOpened.inc(),
  })
  const receipts = createReceiptWriter({ outbox: outboxStore, log, onWritten: () => dispatcher.hint() })
  const host = createSessionHost({
    serverId,
    leases: parts.sessionLeases,
    keys: parts.sessionKeys,
    driver: parts.driver,
    gate: createStartGate(overrides.handshakesPerSecond ?? handshakesPerSecond),
    lease,
    fleet: parts.fleet,
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
    defaultPace: overrides.newChatsPerMinute === undefined ? defaultPace : overrides.newChatsPerMinute,
    random,
    log,
    onSettled: () => dispatcher.hint(),
  })
  let projector: Loop | undefined
  let orphans: Loop | undefined
  let fleet: FleetWatch | undefined
  let expiry: Loop | undefined
  let samples: Loop | undefined
  let door: Door | undefined
  let metricsServer: HttpServer | undefined
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

  async function openMetrics(at: NonNullable<WorkerConfig['metrics']>): Promise<HttpServer> {
    const read = readWhenAsked(metrics, {
      sessions: () => host.counts(),
      leaseHeld: () => lease.incarnation() !== undefined,
      webhooks: () => dispatcher.counts(),
      leaving: () => host.leaving().all,
    })
    const opened = await listen(createMetricsApp(read, metrics.registry.contentType), at)
    log.info('Metrics are served.', { host: at.host, port: Number(new URL(opened.url).port) })
    return opened
  }

  function startLoops(): void {
    host.start()
    fleet = startFleetWatch({
      serverId,
      fleet: parts.fleet,
      lease,
      host,
      intervalMs: timings.fleetIntervalMs,
      log,
    })
    outbox.start()
    dispatcher.start()
    const { inbound } = parts
    const project = createRowProjector({ inbound, decode: countUndecodable(parts.decode, metrics), version, log })
    projector = startProjector({
      inbound,
      project,
      instances: () => host.sessions().map(({ instanceId }) => instanceId),
      intervalMs: timings.projectIntervalMs,
      log,
      onProjected: () => dispatcher.hint(),
    })
    orphans = startOrphanSweep({
      inbound,
      project,
      version,
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
    samples = startLoop({ name: 'samples', intervalMs: timings.sampleIntervalMs, run: sample, log })
  }

  async function sample(): Promise<void> {
    const incarnation = lease.incarnation()
    if (incarnation === undefined) return
    const sessions = host.counts().connected ?? 0
    await parts.serverSamples.record(serverId, incarnation, { ...(await parts.machine.measure()), sessions })
  }

  /**
   * In order: no instance comes in, each goes when another server has a place for it, nothing new comes in, what is in
   * flight ends, what nobody took is given back, the server is given back. Until it goes, an instance works as ever.
   */
  async function stop(): Promise<void> {
    const grace = timings.stopGraceMs
    await within(leaveMs, Promise.resolve(fleet?.leave(leaveMs)))
    const drained = [
      door?.close(grace),
      outbox.stop(),
      dispatcher.stop(),
      projector?.stop(),
      orphans?.stop(),
      expiry?.stop(),
      samples?.stop(),
      fleet?.stop(),
    ]
    await within(grace, Promise.allSettled(drained.map((work) => Promise.resolve(work))))
    await within(handOverMs, host.stop())
    // What could not be handed over in time ends with the server's lease.
    host.fence()
    await lease.stop()
    await metricsServer?.close(0)
    await parts.close()
    log.info('The worker has stopped.', { server: serverId })
  }

  return {
    async start() {
      door = await parts.openDoor({
        commands: createCommands({ host, outbox, checkHost: parts.checkHost }),
        look() {
          host.hint()
          fleet?.hint()
        },
        incarnation: () => lease.incarnation(),
        health,
      })
      if (config.metrics !== undefined) metricsServer = await openMetrics(config.metrics)
      log.info('The worker listens.', {
        server: serverId,
        host: config.host,
        port: Number(new URL(door.url).port),
        version,
      })
      await lease.start({ onGained: () => host.hint(), onLost: () => host.fence() })
      if (stopping === undefined) startLoops()
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
    abort(error) {
      log.error('Something failed that nobody foresaw: the worker ends.', { server: serverId, error })
      host.fence()
    },
    url: () => door?.url,
    metricsUrl: () => metricsServer && `${metricsServer.url}/metrics`,
  }
}

function countUndecodable(decode: DecodePlaintext, { undecodable }: WorkerMetrics): DecodePlaintext {
  return (row) => {
    try {
      return decode(row)
    } catch (error) {
      undecodable.inc()
      throw error
    }
  }
}
