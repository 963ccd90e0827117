import { ApiError } from '#contracts/errors.ts'
import type { Clock } from '#core/ports/clock.ts'
import type { Deliveries } from '#core/ports/deliveries.ts'
import type { Fleet } from '#core/ports/fleet.ts'
import type { Inbound, ProjectedMessage } from '#core/ports/inbound.ts'
import type { Outbox } from '#core/ports/outbox.ts'
import type { ServerSamples } from '#core/ports/server-metrics.ts'
import type { LeaseGrant, ServerLeases } from '#core/ports/servers.ts'
import { CredentialsCorrupt, type SessionKeys } from '#core/ports/session-keys.ts'
import { FencedOut, type SessionLeases } from '#core/ports/session-leases.ts'
import type { WorkerMetrics } from './worker-metrics.ts'

/** The worker's way to the database. */
export interface WorkerStores {
  serverLeases: ServerLeases
  serverSamples: ServerSamples
  sessionLeases: SessionLeases
  fleet: Fleet
  sessionKeys: SessionKeys
  outbox: Outbox
  inbound: Inbound
  deliveries: Deliveries
}

/**
 * The same stores, counting what passes through them: facts are counted when they are durable, and the code that decides
 * about messages knows nothing of metrics.
 */
export function measureStores(stores: WorkerStores, metrics: WorkerMetrics, clock: Clock): WorkerStores {
  const serverLeases = timed('server_leases', stores.serverLeases, metrics)
  const sessionLeases = timed('session_leases', stores.sessionLeases, metrics)
  const fleet = timed('fleet', stores.fleet, metrics)
  const sessionKeys = timed('session_keys', stores.sessionKeys, metrics)
  const deliveries = timed('deliveries', stores.deliveries, metrics)
  return {
    serverLeases: {
      ...serverLeases,
      claim: (...args) => leaseRequest('claim', metrics, () => serverLeases.claim(...args)),
      renew: (...args) => leaseRequest('renew', metrics, () => serverLeases.renew(...args)),
    },
    serverSamples: timed('server_samples', stores.serverSamples, metrics),
    sessionLeases: {
      ...sessionLeases,
      async acquire(...args) {
        const acquired = await sessionLeases.acquire(...args)
        metrics.instancesAcquired.inc(acquired.length)
        return acquired
      },
    },
    fleet: {
      ...fleet,
      async takeOver(...args) {
        const taken = await fleet.takeOver(...args)
        metrics.instancesTakenOver.inc(taken.length)
        return taken
      },
      async endDeadLeases(...args) {
        const ended = await fleet.endDeadLeases(...args)
        metrics.serversLost.inc(ended.length)
        return ended
      },
    },
    sessionKeys: {
      ...sessionKeys,
      async commit(fence, change) {
        const outcome = await sessionKeys.commit(fence, change)
        metrics.journaled.inc(change.journal?.length ?? 0)
        return outcome
      },
    },
    outbox: measureOutbox(timed('outbox', stores.outbox, metrics), metrics),
    inbound: measureInbound(timed('inbound', stores.inbound, metrics), metrics, clock),
    deliveries: {
      ...deliveries,
      async claimDueAcrossCustomers(options) {
        const claimed = await deliveries.claimDueAcrossCustomers(options)
        metrics.webhookClaims.inc(claimed.length)
        return claimed
      },
      async record(attempts) {
        const outcome = await deliveries.record(attempts)
        for (const [index, { result, verdict }] of attempts.entries()) {
          metrics.webhookAttempts.inc({ verdict: outcome.kept[index] === true ? verdict.verdict : 'claim-lost' })
          metrics.webhookAttemptSeconds.observe(result.durationMs / 1_000)
        }
        for (const { reason } of outcome.disabled) metrics.webhookDisabled.inc({ reason })
        return outcome
      },
    },
  }
}

function measureOutbox(outbox: Outbox, metrics: WorkerMetrics): Outbox {
  return {
    ...outbox,
    async heads(...args) {
      const heads = await outbox.heads(...args)
      metrics.readyChats.set(heads.entries.length)
      return heads
    },
    async markSent(fence, id) {
      const sent = await outbox.markSent(fence, id)
      if (sent === undefined) return sent
      metrics.messagesSettled.inc({ status: 'sent' })
      const { sentAt, createdAt } = sent
      if (sentAt !== null) metrics.acceptanceToSentSeconds.observe((sentAt.getTime() - createdAt.getTime()) / 1_000)
      return sent
    },
    async markFailed(...args) {
      const failed = await outbox.markFailed(...args)
      if (failed !== undefined) metrics.messagesSettled.inc({ status: 'failed' })
      return failed
    },
    async applyReceipt(fence, receipt) {
      await outbox.applyReceipt(fence, receipt)
      metrics.receipts.inc({ status: receipt.status }, receipt.waMessageIds.length)
    },
    async expireDueAcrossCustomers(limit) {
      const ended = await outbox.expireDueAcrossCustomers(limit)
      metrics.messagesSettled.inc({ status: 'expired' }, ended)
      return ended
    },
  }
}

function measureInbound(inbound: Inbound, metrics: WorkerMetrics, clock: Clock): Inbound {
  return {
    ...inbound,
    async unprojected(...args) {
      const rows = await inbound.unprojected(...args)
      const [oldest] = rows
      const lagMs = oldest === undefined ? 0 : clock.now().getTime() - oldest.receivedAt.getTime()
      metrics.projectionLag.set(Math.max(0, lagMs) / 1_000)
      return rows
    },
    async project(row, message) {
      const isNew = await inbound.project(row, message)
      metrics.projected.inc({ result: resultOf(message, isNew) })
      return isNew
    },
    async projectAll(projections) {
      const areNew = await inbound.projectAll(projections)
      for (const [index, { message }] of projections.entries()) {
        metrics.projected.inc({ result: resultOf(message, areNew[index] === true) })
      }
      return areNew
    },
  }
}

function resultOf(message: ProjectedMessage | undefined, isNew: boolean): string {
  if (message === undefined) return 'nothing'
  if (!isNew) return 'duplicate'
  return message.content === null ? 'undecryptable' : 'message'
}

async function leaseRequest(
  request: 'claim' | 'renew',
  { leaseRequests, leaseRequestSeconds }: WorkerMetrics,
  ask: () => Promise<LeaseGrant | undefined>,
): Promise<LeaseGrant | undefined> {
  const startedAt = performance.now()
  try {
    const grant = await ask()
    leaseRequests.inc({ request, outcome: grant === undefined ? 'refused' : 'granted' })
    return grant
  } catch (error) {
    leaseRequests.inc({ request, outcome: 'failed' })
    throw error
  } finally {
    leaseRequestSeconds.observe({ request }, secondsSince(startedAt))
  }
}

/** Every method with its duration and its failures. A refused fence and unreadable credentials are no fault of the database. */
function timed<Store extends object>(store: string, methods: Store, metrics: WorkerMetrics): Store {
  const measured = Object.entries(methods).map(([name, method]) => {
    const call = method as (...args: unknown[]) => Promise<unknown>
    return [
      name,
      async (...args: unknown[]) => {
        const startedAt = performance.now()
        try {
          return await call(...args)
        } catch (error) {
          countFailure(store, error, metrics)
          throw error
        } finally {
          metrics.databaseSeconds.observe({ store }, secondsSince(startedAt))
        }
      },
    ]
  })
  return Object.fromEntries(measured) as Store
}

function countFailure(store: string, error: unknown, { fencedWrites, databaseErrors }: WorkerMetrics): void {
  if (error instanceof FencedOut) return fencedWrites.inc()
  if (error instanceof CredentialsCorrupt) return
  const away = error instanceof ApiError && error.code === 'SERVICE_UNAVAILABLE'
  databaseErrors.inc({ store, kind: away ? 'away' : 'other' })
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1_000
}
