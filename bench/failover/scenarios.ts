import { setTimeout as delay } from 'node:timers/promises'
import type { InstanceId } from '#contracts/ids.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { takeOverAfterMs } from '#worker-node/fleet/fleet-watch.ts'
import type { FleetServer, ProcessFleet } from '#worker-node/testing/process-fleet.ts'

/** Longer than anything here may take: a run that exceeds it has failed. */
const patienceMs = 90_000
const lookEveryMs = 20

async function untilConnected(
  fleet: ProcessFleet,
  servers: readonly FleetServer[],
  ids: readonly InstanceId[],
  since?: Date,
): Promise<number> {
  const startedAt = performance.now()
  await waitFor(
    async () => {
      const connected = new Set((await Promise.all(servers.map((server) => fleet.connectedAt(server, since)))).flat())
      return ids.every((id) => connected.has(id))
    },
    { what: 'all instances to be connected', timeoutMs: patienceMs, intervalMs: lookEveryMs },
  )
  return performance.now() - startedAt
}

async function databaseTime(fleet: ProcessFleet): Promise<Date> {
  const { rows } = await fleet.pool.query<{ now: Date }>('SELECT clock_timestamp() AS now')
  return rows[0]?.now ?? new Date(Number.NaN)
}

/** Orders that all instances be placed on one server, as `moveInstance` does, and waits until they are there. */
async function gather(fleet: ProcessFleet, at: FleetServer, ids: readonly InstanceId[]): Promise<void> {
  await fleet.pool.query('UPDATE instance_leases SET server_id = $1 WHERE instance_id = ANY ($2)', [at.id, ids])
  await untilConnected(fleet, [at], ids)
}

/**
 * kill -9 of the worker that has every instance, without a restart: milliseconds until all are connected elsewhere, for each
 * kill.
 */
export async function measureFailover(
  fleet: ProcessFleet,
  ids: readonly InstanceId[],
  kills: number,
  tell: (line: string) => void,
): Promise<number[]> {
  const times: number[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    const victim = fleet.servers[kill % fleet.servers.length]
    if (victim === undefined) throw new Error('There is no server.')
    await gather(fleet, victim, ids)
    // The last victim's successor has to be old enough to take over, and the moment of the kill lies anywhere between two renewals.
    await delay(takeOverAfterMs + Math.random() * 3_000)
    const survivors = fleet.servers.filter((server) => server !== victim)
    const since = await databaseTime(fleet)
    const startedAt = performance.now()
    await victim.end('SIGKILL')
    await untilConnected(fleet, survivors, ids, since)
    times.push(performance.now() - startedAt)
    tell(`failover ${kill + 1}: ${seconds(times.at(-1) ?? 0)}`)
    await victim.start()
  }
  return times
}

/** kill -9 and a restart on the same host: milliseconds until all are connected again. */
export async function measureRestart(
  fleet: ProcessFleet,
  ids: readonly InstanceId[],
  kills: number,
  tell: (line: string) => void,
): Promise<number[]> {
  const [victim] = fleet.servers
  if (victim === undefined) throw new Error('There is no server.')
  await gather(fleet, victim, ids)
  const times: number[] = []
  for (let kill = 0; kill < kills; kill += 1) {
    const since = await databaseTime(fleet)
    const startedAt = performance.now()
    await victim.end('SIGKILL')
    await victim.start()
    await untilConnected(fleet, [victim], ids, since)
    times.push(performance.now() - startedAt)
    tell(`restart ${kill + 1}: ${seconds(times.at(-1) ?? 0)}`)
  }
  return times
}

/** A drain: milliseconds that each instance was without a connection, by the database's clock. */
export async function measureDrain(fleet: ProcessFleet, ids: readonly InstanceId[]): Promise<number[]> {
  const [drained, ...others] = fleet.servers
  if (drained === undefined) throw new Error('There is no server.')
  await gather(fleet, drained, ids)
  await fleet.seed.update('servers', { id: drained.id }, { status: 'draining' })
  await untilConnected(fleet, others, ids)
  await fleet.seed.update('servers', { id: drained.id }, { status: 'active' })
  return gapsOf(fleet, ids)
}

/** SIGTERM: how long the process took to end, and the gap of each instance. */
export async function measureGracefulStop(
  fleet: ProcessFleet,
  ids: readonly InstanceId[],
): Promise<{ endedMs: number; gaps: number[] }> {
  const [stopped, ...others] = fleet.servers
  if (stopped === undefined) throw new Error('There is no server.')
  await gather(fleet, stopped, ids)
  const startedAt = performance.now()
  await stopped.end('SIGTERM')
  const endedMs = performance.now() - startedAt
  await untilConnected(fleet, others, ids)
  const gaps = await gapsOf(fleet, ids)
  await stopped.start()
  return { endedMs, gaps }
}

async function gapsOf(fleet: ProcessFleet, ids: readonly InstanceId[]): Promise<number[]> {
  const { rows } = await fleet.pool.query<{ gap_ms: number }>(
    `SELECT extract(epoch FROM up.at - down.at)::float * 1000 AS gap_ms
    FROM unnest($1::text[]) AS i (id)
    CROSS JOIN LATERAL (
      SELECT max(occurred_at) AS at FROM events
      WHERE instance_id = i.id AND data ->> 'state' = 'disconnected' AND data ->> 'reason' = 'moved'
    ) down
    CROSS JOIN LATERAL (
      SELECT min(occurred_at) AS at FROM events
      WHERE instance_id = i.id AND data ->> 'state' = 'connected' AND occurred_at > down.at
    ) up`,
    [ids],
  )
  return rows.map(({ gap_ms }) => gap_ms)
}

/** The database is away for all workers: how many instances changed their server, and how long until all were connected again. */
export async function measureOutage(
  fleet: ProcessFleet,
  ids: readonly InstanceId[],
  outageMs: number,
): Promise<{ moved: number; backAfterMs: number }> {
  const placements = async () => {
    const rows = await fleet.seed.rows('instanceLeases')
    return new Map(rows.map(({ instanceId, serverId }) => [instanceId, serverId]))
  }
  const before = await placements()
  const since = await databaseTime(fleet)
  fleet.proxy.cut()
  await delay(outageMs)
  fleet.proxy.restore()
  const backAfterMs = await untilConnected(fleet, fleet.servers, ids, since)
  // Long enough for every worker to be allowed to take over, should it think that there is something to take.
  await delay(takeOverAfterMs + 5_000)
  const after = await placements()
  return { moved: ids.filter((id) => before.get(id) !== after.get(id)).length, backAfterMs }
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`
}

/** The value that a share of the sorted values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}
