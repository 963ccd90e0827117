import type { MessageView } from '#contracts/http/message-view.ts'
import type { MessageCounts, ServiceMetrics, ServiceOverview } from '#core/ports/service-metrics.ts'
import { dayUtc } from '#core/rules/day-span.ts'
import { latencyClass, noLatencies } from '#core/rules/latency.ts'
import { mediaKinds } from '#core/rules/media-kinds.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { isLive } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'
import { freshCheckOf } from './memory-server-checks.ts'
import { serverMinuteOf } from './memory-server-metrics.ts'

const minuteMs = 60_000
const floor = (ms: number, step = minuteMs) => Math.floor(ms / step) * step

export function createMemoryServiceMetrics(database: MemoryDatabase): ServiceMetrics {
  const { tables, now } = database

  return {
    async rollUpMinutesAcrossCustomers() {
      const last = floor(now().getTime()) - 2 * minuteMs
      const counted = tables.minuteStats.map(({ minute }) => minute.getTime() + minuteMs)
      const wanted = Math.max(...(counted.length > 0 ? counted : [now().getTime() - 60 * minuteMs]))
      const first = floor(Math.max(wanted, now().getTime() - 7 * 24 * 60 * minuteMs))
      let messages = 0
      for (let minute = first; minute <= Math.min(last, first + 59 * minuteMs); minute += minuteMs) {
        const events = tables.events.filter(({ occurredAt }) => floor(occurredAt.getTime()) === minute)
        const counts = countsOf(events)
        for (const event of events) {
          countForDay(database, event)
          countForServer(database, event, new Date(minute))
        }
        database.insert('minuteStats', { minute: new Date(minute), ...counts })
        messages += counts.sent + counts.received + counts.failed
      }
      return messages
    },

    async overviewAcrossCustomers({ rangeMs, bucketMs }) {
      const customers = tables.customers.filter(({ deletedAt }) => deletedAt === null)
      const instances: ServiceOverview['instances'] = {}
      for (const { state, deletedAt } of tables.instances) {
        if (deletedAt === null) instances[state] = (instances[state] ?? 0) + 1
      }
      const series: ServiceOverview['series'] = []
      for (let at = floor(now().getTime() - rangeMs, bucketMs) + bucketMs; at <= now().getTime(); at += bucketMs) {
        const of = tables.minuteStats.filter(({ minute }) => floor(minute.getTime(), bucketMs) === at)
        series.push({ at: new Date(at), ...sumOf(of) })
      }
      return {
        customers: {
          active: customers.filter(({ status }) => status === 'active').length,
          suspended: customers.filter(({ status }) => status === 'suspended').length,
        },
        instances,
        servers: serversBy(database),
        alerts: tables.alerts
          .filter(({ resolvedAt }) => resolvedAt === null)
          .map(({ kind, acknowledgedAt }) => ({ kind, acknowledged: acknowledgedAt !== null, count: 1 })),
        recent: recentCounts(database),
        series,
      }
    },
  }
}

/** Of the five minutes that were counted last; of none when that was long ago. */
export function recentCounts({ tables, now }: MemoryDatabase): MessageCounts {
  const newest = tables.minuteStats.toSorted((a, b) => b.minute.getTime() - a.minute.getTime()).slice(0, 5)
  return sumOf(newest.filter(({ minute }) => minute.getTime() > now().getTime() - 15 * minuteMs))
}

function serversBy(database: MemoryDatabase): ServiceOverview['servers'] {
  const by = { healthy: 0, degraded: 0, down: 0, other: 0 }
  for (const server of database.tables.servers) {
    if (server.deletedAt !== null) continue
    if (server.status !== 'active' && server.status !== 'draining') by.other++
    else if (!isLive(database, server)) by.down++
    else if ((freshCheckOf(database, server.id)?.grade ?? 'healthy') !== 'healthy') by.degraded++
    else by[server.health]++
  }
  return by
}

function countsOf(events: MemoryRows['events'][]): MessageCounts {
  const counts = sumOf([])
  for (const { type, data } of events) {
    const { status, error, created_at, sent_at } = data as unknown as MessageView
    if (type === 'message.received') counts.received++
    if (type === 'message.failed' && status !== 'cancelled' && error?.code !== 'NOT_ON_WHATSAPP') counts.failed++
    if (type !== 'message.sent') continue
    counts.sent++
    const tookMs = sent_at === null ? -1 : Date.parse(sent_at) - Date.parse(created_at)
    if (tookMs >= 0) counts.latency[latencyClass(tookMs)]!++
  }
  return counts
}

/** What the server of the instance had in this minute. */
function countForServer(database: MemoryDatabase, event: MemoryRows['events'], minute: Date): void {
  const lease = database.tables.instanceLeases.find(({ instanceId }) => instanceId === event.instanceId)
  const counts = countsOf([event])
  if (lease === undefined || counts.sent + counts.received + counts.failed === 0) return
  const row = serverMinuteOf(database, lease.serverId, minute)
  const before = { sent: row.sent, received: row.received, failed: row.failed, latency: row.latency ?? noLatencies() }
  Object.assign(row, sumOf([before, counts]))
}

/** What the customer had that day on the server of the instance. */
function countForDay(database: MemoryDatabase, event: MemoryRows['events']): void {
  const { tables } = database
  const { customerId, instanceId, occurredAt, data } = event
  const serverId = tables.instanceLeases.find((row) => row.instanceId === instanceId)?.serverId
  const { sent, received, failed } = countsOf([event])
  if (serverId === undefined || sent + received + failed === 0) return
  const key = { customerId, day: dayUtc(occurredAt), serverId }
  const row =
    tables.messageDays.find(
      (one) => one.customerId === customerId && one.day === key.day && one.serverId === serverId,
    ) ?? database.insert('messageDays', { ...key, sent: 0, received: 0, failed: 0, mediaSent: 0, mediaReceived: 0 })
  const { unsupported } = data as { unsupported?: { kind: string } }
  const media = mediaKinds.some((kind) => kind === unsupported?.kind) ? 1 : 0
  row.sent += sent
  row.received += received
  row.failed += failed
  row.mediaSent += sent * media
  row.mediaReceived += received * media
}

function sumOf(minutes: readonly MessageCounts[]): MessageCounts {
  const sum = { sent: 0, received: 0, failed: 0, latency: noLatencies() }
  for (const { sent, received, failed, latency } of minutes) {
    sum.sent += sent
    sum.received += received
    sum.failed += failed
    for (const [index, count] of latency.entries()) sum.latency[index]! += count
  }
  return sum
}
