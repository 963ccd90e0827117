import type { ServerId } from '#contracts/ids.ts'
import type { ServerMetrics, ServerMetricsPoint, ServerSamples } from '#core/ports/server-metrics.ts'
import { noLatencies } from '#core/rules/latency.ts'
import type { MemoryDatabase } from './memory-database.ts'
import { isLive } from './memory-placement.ts'
import type { MemoryRows } from './memory-rows.ts'

type Row = MemoryRows['serverMinutes']
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const floor = (moment: Date, step: number) => Math.floor(moment.getTime() / step) * step

export function createMemoryServerSamples(database: MemoryDatabase): ServerSamples {
  const { tables, now } = database
  return {
    async record(serverId, incarnation, sample) {
      const server = tables.servers.find(({ id }) => id === serverId)
      if (server === undefined || server.incarnation !== incarnation || !isLive(database, server)) return
      const row = serverMinuteOf(database, serverId, new Date(floor(now(), minuteMs)))
      const add = (before: number | null, more: number | null) => (more === null ? before : (before ?? 0) + more)
      const networkIn = add(row.networkIn, sample.networkIn)
      Object.assign(row, sample, { networkIn, networkOut: add(row.networkOut, sample.networkOut) })
    },
  }
}

/** The row of a server's minute, made where there is none. */
export function serverMinuteOf(database: MemoryDatabase, serverId: ServerId, at: Date): Row {
  const found = database.tables.serverMinutes.find(
    (row) => row.serverId === serverId && row.at.getTime() === at.getTime(),
  )
  return found ?? database.insert('serverMinutes', { serverId, at })
}

export function createMemoryServerMetrics(database: MemoryDatabase): ServerMetrics {
  const { tables, now } = database
  return {
    async rollUpHours() {
      const newest = Math.max(...tables.serverHours.map(({ at }) => at.getTime()))
      const minutes = tables.serverMinutes.filter(({ at }) => at.getTime() >= newest - hourMs || newest === -Infinity)
      const keys = new Map(minutes.map(({ serverId, at }) => [`${serverId} ${floor(at, hourMs)}`, serverId] as const))
      let changed = 0
      for (const [key, serverId] of keys) {
        const at = new Date(Number(key.split(' ')[1]))
        const hour = foldOf(
          minutes.filter((row) => row.serverId === serverId && floor(row.at, hourMs) === at.getTime()),
        )
        const before = tables.serverHours.find((row) => row.serverId === serverId && row.at.getTime() === at.getTime())
        const row = before ?? database.insert('serverHours', { serverId, at })
        const after = { ...row, ...hour }
        if (before === undefined || JSON.stringify(after) !== JSON.stringify(before)) changed++
        Object.assign(row, after)
      }
      return changed
    },

    async series(serverId, { rangeMs, bucketMs }) {
      if (!tables.servers.some(({ id, deletedAt }) => id === serverId && deletedAt === null)) return undefined
      const rows = tables[bucketMs < hourMs ? 'serverMinutes' : 'serverHours'].filter(
        (row) => row.serverId === serverId,
      )
      const points: ServerMetricsPoint[] = []
      const first = floor(new Date(now().getTime() - rangeMs), bucketMs) + bucketMs
      for (let at = first; at <= now().getTime(); at += bucketMs) {
        points.push({ at: new Date(at), ...foldOf(rows.filter((row) => floor(row.at, bucketMs) === at)) })
      }
      return points
    },
  }
}

function foldOf(rows: readonly Row[]): Omit<ServerMetricsPoint, 'at'> {
  const known = (name: keyof Row) => rows.flatMap((row) => (row[name] === null ? [] : [Number(row[name])]))
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
  const sumOf = (name: keyof Row) => (known(name).length === 0 ? null : sum(known(name)))
  const meanOf = (name: keyof Row) => (known(name).length === 0 ? null : sum(known(name)) / known(name).length)
  return {
    cpu: meanOf('cpu'),
    memory: meanOf('memory'),
    disk: meanOf('disk'),
    networkIn: sumOf('networkIn'),
    networkOut: sumOf('networkOut'),
    eventLoopLagMs: known('eventLoopLagMs').length === 0 ? null : Math.max(...known('eventLoopLagMs')),
    sessions: meanOf('sessions'),
    sent: sum(known('sent')),
    received: sum(known('received')),
    failed: sum(known('failed')),
    latency: noLatencies().map((_none, index) => sum(rows.map(({ latency }) => latency?.[index] ?? 0))),
  }
}
