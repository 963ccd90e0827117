import { describe, expect, it } from 'vitest'
import type { MachineSample } from '#core/ports/server-metrics.ts'
import { seedServer } from '#core/testing/seed.ts'
import type { WorkerWorld } from './worker-world.ts'

export function serverSamplesConformance(world: () => WorkerWorld): void {
  describe('server samples', () => {
    const sample: MachineSample = {
      cpu: 0.5,
      memory: 0.25,
      disk: 0.75,
      networkIn: 5_000_000_000,
      networkOut: null,
      eventLoopLagMs: 12.5,
      sessions: 3,
    }

    it('are the minute that goes on; a later one adds its bytes and replaces the rest', async () => {
      const { seed, serverSamples } = world()
      const serverId = await seedServer(seed)
      const before = Date.now()
      await serverSamples.record(serverId, 'run-1', sample)
      const rows = () => seed.rows('serverMinutes', { serverId })
      const [first] = await rows()
      expect(first).toMatchObject({ ...sample, sent: 0, latency: null })
      expect(first!.at.getTime() % 60_000).toBe(0)
      expect(Math.abs(first!.at.getTime() - before)).toBeLessThanOrEqual(65_000)
      const next = { ...sample, cpu: null, networkIn: 7, networkOut: 11, sessions: 4 }
      await serverSamples.record(serverId, 'run-1', next)
      const all = await rows()
      // A minute may have ended in between.
      if (all.length === 1) expect(all).toMatchObject([{ ...next, networkIn: 5_000_000_007 }])
      else expect(all).toContainEqual(expect.objectContaining(next))
    })

    it('are taken of the run alone that holds the lease', async () => {
      const { seed, serverSamples } = world()
      const serverId = await seedServer(seed)
      const lost = await seedServer(seed, { leaseExpiresAt: new Date(0) })
      await serverSamples.record(serverId, 'run-2', sample)
      await serverSamples.record(lost, 'run-1', sample)
      expect(await seed.rows('serverMinutes')).toEqual([])
    })
  })
}
