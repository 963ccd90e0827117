import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { InstanceId } from '#contracts/ids.ts'
import { createFleetBench, type BenchWorker, type FleetBench } from '#worker-node/testing/fleet-bench.ts'
import { slotsPerTaker } from '#worker-node/sessions/hand-overs.ts'

let bench: FleetBench

beforeEach(async () => {
  vi.useFakeTimers()
  bench = await createFleetBench()
})

afterEach(async () => {
  const stopped = bench.stopAll()
  await pass(30_000)
  await stopped
  vi.useRealTimers()
})

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

/** `count` servers whose workers have run long enough to take over, the first with instances. */
async function fleetOf(count: number, instances: number): Promise<{ workers: BenchWorker[]; ids: InstanceId[] }> {
  const servers = await Promise.all(Array.from({ length: count }, () => bench.addServer()))
  const workers = servers.map((id) => bench.run(id))
  const ids = await bench.addInstances(servers[0] ?? 'srv_', instances)
  await pass(16_000)
  expect(bench.states()).toEqual(ids.map(() => 'connected'))
  return { workers, ids }
}

const connectedAt = (worker: BenchWorker | undefined) => worker?.host.counts().connected ?? 0
const history = (id: InstanceId) =>
  bench.database.tables.events
    .filter(({ instanceId }) => instanceId === id)
    .map(({ data }) => (typeof data.reason === 'string' ? `${String(data.state)}/${data.reason}` : data.state))

describe('the instances of a server that dies', () => {
  it('are connected elsewhere within 18 s, shared by the others, and their customers are told', async () => {
    const { workers, ids } = await fleetOf(3, 20)
    workers[0]?.kill()
    await pass(18_000)
    expect(bench.states()).toEqual(ids.map(() => 'connected'))
    expect([connectedAt(workers[1]), connectedAt(workers[2])]).toEqual([10, 10])
    for (const id of ids) expect(history(id).slice(-3)).toEqual(['disconnected/worker-lost', 'starting', 'connected'])
    for (const id of ids) expect(bench.placementOf(id)).not.toBe(workers[0]?.serverId)
  })

  it('stay with it when it comes back before its lease has been over for a second', async () => {
    const { workers, ids } = await fleetOf(2, 3)
    workers[0]?.kill()
    await pass(6_000)
    await bench.seed.update('servers', { id: workers[0]?.serverId ?? 'srv_' }, { leaseExpiresAt: new Date() })
    const next = bench.run(workers[0]?.serverId ?? 'srv_')
    await pass(2_500)
    expect(connectedAt(next)).toBe(3)
    await pass(20_000)
    expect(ids.map((id) => bench.placementOf(id))).toEqual(ids.map(() => workers[0]?.serverId))
  })

  it('wait, and say so, when no other server has room, and start where room appears', async () => {
    const { workers, ids } = await fleetOf(2, 3)
    const other = { id: workers[1]?.serverId ?? 'srv_' } as const
    await bench.seed.update('servers', other, { maxCapacity: 1 })
    workers[0]?.kill()
    await pass(18_000)
    expect(bench.states().toSorted()).toEqual(['connected', 'disconnected/no-capacity', 'disconnected/no-capacity'])
    const waiting = ids.find((id) => bench.placementOf(id) === workers[0]?.serverId)
    expect(history(waiting ?? 'ins_').filter((entry) => entry === 'disconnected/no-capacity')).toHaveLength(1)
    await bench.seed.update('servers', other, { maxCapacity: 10 })
    await pass(3_000)
    expect(connectedAt(workers[1])).toBe(3)
  })

  it('are taken also from a server that was draining, and never by one that is', async () => {
    const { workers, ids } = await fleetOf(3, 4)
    for (const worker of workers.slice(1))
      await bench.seed.update('servers', { id: worker.serverId }, { maxCapacity: 1 })
    await bench.seed.update('servers', { id: workers[0]?.serverId ?? 'srv_' }, { status: 'draining' })
    await pass(3_000)
    expect([0, 1, 2].map((index) => connectedAt(workers[index]))).toEqual([2, 1, 1])
    await bench.seed.update(
      'servers',
      { id: workers[1]?.serverId ?? 'srv_' },
      { maxCapacity: 10, status: 'maintenance' },
    )
    await bench.seed.update('servers', { id: workers[2]?.serverId ?? 'srv_' }, { maxCapacity: 10 })
    workers[0]?.kill()
    await pass(18_000)
    expect(connectedAt(workers[2])).toBe(ids.length)
  })
})

describe('a worker that began less than 15 s ago', () => {
  it('takes nothing, and then does', async () => {
    const dead = await bench.addServer({ incarnation: 'dead run', leaseExpiresAt: new Date(0) })
    const [id] = await bench.addInstances(dead, 1)
    const worker = bench.run(await bench.addServer())
    await pass(14_000)
    expect(bench.placementOf(id ?? 'ins_')).toBe(dead)
    await pass(3_000)
    expect(connectedAt(worker)).toBe(1)
  })

  it('so that after an outage of the database each server has its own back', async () => {
    const { workers, ids } = await fleetOf(3, 6)
    const others = await bench.addInstances(workers[1]?.serverId ?? 'srv_', 4)
    await pass(3_000)
    const before = [...ids, ...others].map((id) => bench.placementOf(id))
    bench.setDatabaseAway(true)
    await pass(30_000)
    expect(workers.map((worker) => connectedAt(worker))).toEqual([0, 0, 0])
    bench.setDatabaseAway(false)
    await pass(40_000)
    expect([...ids, ...others].map((id) => bench.placementOf(id))).toEqual(before)
    expect(workers.map((worker) => connectedAt(worker))).toEqual([6, 4, 0])
  })
})

describe('a server that is drained', () => {
  it('hands its instances over one after the other, never more at a time than the taker has slots', async () => {
    const { workers, ids } = await fleetOf(2, 50)
    await bench.seed.update('servers', { id: workers[0]?.serverId ?? 'srv_' }, { status: 'draining' })
    let worst = 0
    for (let step = 0; step < 200; step += 1) {
      await pass(50)
      worst = Math.max(worst, ids.length - connectedAt(workers[0]) - connectedAt(workers[1]))
    }
    expect(worst).toBeLessThanOrEqual(slotsPerTaker)
    expect([connectedAt(workers[0]), connectedAt(workers[1])]).toEqual([0, 50])
    for (const id of ids) expect(history(id).slice(-3)).toEqual(['disconnected/moved', 'starting', 'connected'])
  })

  it('keeps what nobody has room for, connected', async () => {
    const { workers } = await fleetOf(2, 5)
    await bench.seed.update('servers', { id: workers[1]?.serverId ?? 'srv_' }, { maxCapacity: 2 })
    await bench.seed.update('servers', { id: workers[0]?.serverId ?? 'srv_' }, { status: 'draining' })
    await pass(20_000)
    expect(workers.map((worker) => connectedAt(worker))).toEqual([3, 2])
  })

  it('takes its orders back to itself when the taker dies first', async () => {
    const { workers, ids } = await fleetOf(2, 1)
    const [from, to] = workers.map(({ serverId }) => serverId)
    await bench.seed.update('servers', { id: to ?? 'srv_' }, { stopping: true })
    await bench.seed.update('instanceLeases', { instanceId: ids[0] ?? 'ins_' }, { serverId: to ?? 'srv_' })
    await pass(3_000)
    expect(bench.placementOf(ids[0] ?? 'ins_')).toBe(from)
    expect(connectedAt(workers[0])).toBe(1)
    expect(history(ids[0] ?? 'ins_').slice(-1)).toEqual(['connected'])
  })
})

describe('a worker that is told to stop', () => {
  it('hands everything over to others before it ends', async () => {
    const { workers, ids } = await fleetOf(3, 30)
    const ended = workers[0]?.end()
    await pass(10_000)
    await ended
    expect(bench.states()).toEqual(ids.map(() => 'connected'))
    expect([connectedAt(workers[1]), connectedAt(workers[2])]).toEqual([15, 15])
  })

  it('ends at once when all others stop as well, and each has its instances back at the next start', async () => {
    const { workers, ids } = await fleetOf(2, 5)
    let ended = false
    void Promise.all(workers.map((worker) => worker.end())).then(() => (ended = true))
    await pass(1_000)
    expect(ended).toBe(true)
    expect(new Set(bench.states())).toEqual(new Set(['disconnected/moved']))
    const again = workers.map(({ serverId }) => bench.run(serverId))
    await pass(5_000)
    expect(again.reduce((sum, worker) => sum + connectedAt(worker), 0)).toBe(ids.length)
  })
})
