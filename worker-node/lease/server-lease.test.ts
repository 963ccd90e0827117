import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { ServerLeases } from '#core/ports/servers.ts'
import { createMemoryDatabase } from '#core/testing/memory-database.ts'
import { createMemoryServerLeases } from '#core/testing/memory-server-leases.ts'
import { silentLog } from '#worker-node/log.ts'
import { noPresence, type HostPresence } from './host-presence.ts'
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
let presence: HostPresence
const clock = createLeaseClock()

beforeEach(async () => {
  vi.useFakeTimers()
  weather = 'fine'
  told = []
  presence = noPresence
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
    presence,
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

  it('is given up half a second after the clock of the machine was set, whichever way, and taken under a new name', async () => {
    for (const stepMs of [2_500, -2_500]) {
      await lease.start(listener)
      told.length = 0
      const before = lease.incarnation()
      await pass(100)
      vi.setSystemTime(Date.now() + stepMs)
      await pass(600)
      expect(told).toEqual(['lost'])
      await pass(leaseTtlMs + 2_000)
      expect(told).toEqual(['lost', 'gained'])
      expect(lease.incarnation()).not.toBe(before)
      await lease.stop()
      lease = make()
    }
  })

  it('is kept when the clock of the machine is set by less than 2 s, or runs slow', async () => {
    await lease.start(listener)
    for (let step = 0; step < 20; step += 1) {
      vi.setSystemTime(Date.now() - 400)
      await pass(1_000)
    }
    vi.setSystemTime(Date.now() + 1_900)
    await pass(renewEveryMs)
    expect(told).toEqual(['gained'])
  })

  it('tells for how long it has been held without a break', async () => {
    expect(lease.heldForMs()).toBe(0)
    await lease.start(listener)
    await pass(20_000)
    expect(lease.heldForMs()).toBeGreaterThanOrEqual(20_000)
    await stores.release(serverId, lease.incarnation() ?? '')
    await pass(renewEveryMs * 1.1)
    await pass(2_000)
    expect(told).toEqual(['gained', 'lost', 'gained'])
    expect(lease.heldForMs()).toBeLessThan(6_000)
  })

  it('is taken at once from a predecessor on this host that is dead, and that is ended once', async () => {
    await stores.claim(serverId, 'dead run', leaseTtlMs)
    let dead: string | undefined = 'dead run'
    const forgotten: string[] = []
    presence = {
      ...noPresence,
      deadPredecessor: async () => dead,
      forget: (incarnation) => {
        forgotten.push(incarnation)
        dead = undefined
      },
    }
    lease = make()
    await lease.start(listener)
    expect(told).toEqual(['gained'])
    expect(forgotten).toEqual(['dead run'])
  })

  it('is shown to a successor on this host before sessions start under it, and no more when it is given back', async () => {
    presence = {
      ...noPresence,
      announce: async (incarnation) => void told.push(`announced ${incarnation.length}`),
      withdraw: async () => void told.push('withdrawn'),
    }
    lease = make()
    await lease.start(listener)
    await lease.stop()
    expect(told).toEqual(['announced 36', 'gained', 'withdrawn'])
  })

  it('says that a run which does not keep up is degraded, until it does again', async () => {
    const healths: (string | undefined)[] = []
    const real = stores
    stores = {
      ...real,
      renew(...args) {
        healths.push(args[3])
        return real.renew(...args)
      },
    }
    lease = make()
    await lease.start(listener)
    await pass(renewEveryMs * 1.1)
    const now = performance.now.bind(performance)
    const late = vi.spyOn(performance, 'now')
    let aheadMs = 0
    late.mockImplementation(() => now() + aheadMs)
    setTimeout(() => (aheadMs = 1_000), 700)
    vi.setSystemTime(Date.now())
    await pass(renewEveryMs * 1.1)
    await pass(renewEveryMs * 1.1)
    late.mockRestore()
    expect(healths.slice(0, 3)).toEqual(['healthy', 'degraded', 'healthy'])
  })

  it('does not hold up a worker that is stopped before it was ever granted', async () => {
    await stores.claim(serverId, 'another run', leaseTtlMs)
    const started = lease.start(listener)
    await lease.stop()
    await started
    expect(told).toEqual([])
  })
})
