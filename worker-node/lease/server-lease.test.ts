import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { ServerLeases } from '#core/ports/servers.ts'
import { createMemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryServerLeases } from '#core/testing/memory-server-leases.ts'
import { silentLog } from '#worker-node/log.ts'
import { createLeaseClock } from './lease-clock.ts'
import { createServerLease, leaseTtlMs, renewEveryMs, selfFenceMs, type ServerLease } from './server-lease.ts'

const serverId = newId('server')
/** The database's clock is an hour ahead of this machine's. */
const databaseAheadMs = 3_600_000

let stores: ServerLeases
/** What the database does with the next requests. */
let weather: 'fine' | 'refuses' | 'silent'
let lease: ServerLease
let told: string[]
const clock = createLeaseClock()

beforeEach(async () => {
  vi.useFakeTimers()
  weather = 'fine'
  told = []
  stores = createMemoryServerLeases(createMemoryDatabase(() => new Date(Date.now() + databaseAheadMs)))
  await stores.register({ id: serverId, name: 'one', url: 'http://127.0.0.1:1', region: 'eu', maxCapacity: 10 })
  lease = make()
})

afterEach(async () => {
  weather = 'fine'
  const stopped = lease.stop()
  await pass(leaseTtlMs)
  await stopped
  vi.useRealTimers()
})

function make(): ServerLease {
  return createServerLease({
    serverId,
    leases: {
      ...stores,
      claim: inWeather((...args) => stores.claim(...args)),
      renew: inWeather((...args) => stores.renew(...args)),
    },
    clock,
    log: silentLog,
    random: () => 0.5,
  })
}

function inWeather(request: ServerLeases['claim']): ServerLeases['claim'] {
  return (...args) => {
    if (weather === 'refuses') return Promise.reject(new Error('connection refused'))
    if (weather === 'silent') return new Promise(() => {})
    return request(...args)
  }
}

const listener = { onGained: () => told.push('gained'), onLost: () => told.push('lost') }
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('the lease of a server', () => {
  it('is held from the first claim on and renewed for as long as the worker lives', async () => {
    await lease.start(listener)
    const incarnation = lease.incarnation()
    await pass(10 * leaseTtlMs)
    expect(lease.incarnation()).toBe(incarnation)
    expect(told).toEqual(['gained'])
    expect(await stores.claim(serverId, 'another run', leaseTtlMs)).toBeUndefined()
  })

  it("gives the database's time, whatever the machine's clock says", async () => {
    await lease.start(listener)
    await pass(1_234)
    expect(clock.now().getTime()).toBeCloseTo(Date.now() + databaseAheadMs, -1)
  })

  it('is waited for while another run holds it', async () => {
    await stores.claim(serverId, 'another run', leaseTtlMs)
    const started = lease.start(listener)
    await pass(leaseTtlMs - 1_000)
    expect(told).toEqual([])
    await pass(3_000)
    await started
    expect(told).toEqual(['gained'])
  })

  it('is given back at the end, so that the next run need not wait', async () => {
    await lease.start(listener)
    await lease.stop()
    expect(await stores.claim(serverId, 'next run', leaseTtlMs)).toBeDefined()
    expect(told).toEqual(['gained'])
  })

  it('survives an outage that ends in time', async () => {
    await lease.start(listener)
    weather = 'refuses'
    await pass(selfFenceMs - 1_000)
    expect(lease.databaseReachable()).toBe(false)
    weather = 'fine'
    await pass(1_000)
    expect(lease.databaseReachable()).toBe(true)
    expect(told).toEqual(['gained'])
  })

  it.each(['refuses', 'silent'] as const)(
    'is given up 8 s after the last good renewal was sent when the database %s, and taken under a new name',
    async (outage) => {
      await lease.start(listener)
      const first = lease.incarnation()
      await pass(renewEveryMs + 10)
      weather = outage
      await pass(selfFenceMs - 20)
      expect(told).toEqual(['gained'])
      await pass(20)
      expect(told).toEqual(['gained', 'lost'])
      expect(lease.incarnation()).toBeUndefined()
      weather = 'fine'
      await pass(leaseTtlMs)
      expect(told).toEqual(['gained', 'lost', 'gained'])
      expect(lease.incarnation()).not.toBe(first)
    },
  )

  it('that somebody ended is lost at the next renewal', async () => {
    await lease.start(listener)
    await stores.release(serverId, lease.incarnation() ?? '')
    await pass(renewEveryMs * 1.1)
    expect(told.slice(0, 2)).toEqual(['gained', 'lost'])
  })

  it('is given up by a machine that was suspended', async () => {
    await lease.start(listener)
    await pass(renewEveryMs * 2)
    vi.setSystemTime(Date.now() + 5_000)
    await pass(renewEveryMs * 1.1)
    expect(told.slice(0, 2)).toEqual(['gained', 'lost'])
  })

  it('does not hold up a worker that is stopped before it was ever granted', async () => {
    await stores.claim(serverId, 'another run', leaseTtlMs)
    const started = lease.start(listener)
    await lease.stop()
    await started
    expect(told).toEqual([])
  })
})
