import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { seedServer } from '#core/testing/seed.ts'
import { fromNow } from './worker-seeds.ts'
import type { WorkerWorld } from './worker-world.ts'

export function serverLeasesConformance(world: () => WorkerWorld): void {
  describe('server leases', () => {
    const ttlMs = 12_000
    const free = { incarnation: null, leaseExpiresAt: null }

    it('are told with the database time, and run from then', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, free)
      const grant = await serverLeases.claim(id, 'run-1', ttlMs)
      expect(Math.abs((grant?.databaseTime.getTime() ?? 0) - Date.now())).toBeLessThan(5_000)
      const [row] = await seed.rows('servers', { id })
      expect(row?.incarnation).toBe('run-1')
      const lastsMs = (row?.leaseExpiresAt?.getTime() ?? 0) - (grant?.databaseTime.getTime() ?? 0)
      expect(Math.abs(lastsMs - ttlMs)).toBeLessThan(100)
    })

    it('are refused while another run holds one, and given once that one has expired', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, { incarnation: 'run-1', leaseExpiresAt: fromNow(60_000) })
      expect(await serverLeases.claim(id, 'run-2', ttlMs)).toBeUndefined()
      expect(await serverLeases.renew(id, 'run-2', ttlMs)).toBeUndefined()
      await seed.update('servers', { id }, { leaseExpiresAt: fromNow(-1) })
      expect(await serverLeases.claim(id, 'run-2', ttlMs)).toBeDefined()
      expect(await serverLeases.renew(id, 'run-1', ttlMs)).toBeUndefined()
    })

    it('may be claimed again by the run that holds them: the first answer may have been lost', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, free)
      await serverLeases.claim(id, 'run-1', ttlMs)
      expect(await serverLeases.claim(id, 'run-1', ttlMs)).toBeDefined()
    })

    it('are prolonged by a renewal', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, { incarnation: 'run-1', leaseExpiresAt: fromNow(1_000) })
      expect(await serverLeases.renew(id, 'run-1', ttlMs)).toBeDefined()
      const [row] = await seed.rows('servers', { id })
      expect(row?.leaseExpiresAt?.getTime()).toBeGreaterThan(Date.now() + 6_000)
    })

    it('are never revived once they expired, neither by a renewal nor by a claim of the same run', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, { incarnation: 'run-1', leaseExpiresAt: fromNow(-1) })
      expect(await serverLeases.renew(id, 'run-1', ttlMs)).toBeUndefined()
      expect(await serverLeases.claim(id, 'run-1', ttlMs)).toBeUndefined()
    })

    it('are free at once after a release, which only the holder can make', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, { incarnation: 'run-1', leaseExpiresAt: fromNow(60_000) })
      await serverLeases.release(id, 'run-0')
      expect(await serverLeases.claim(id, 'run-2', ttlMs)).toBeUndefined()
      await serverLeases.release(id, 'run-1')
      expect(await serverLeases.claim(id, 'run-2', ttlMs)).toBeDefined()
    })

    it('keep the moment of their end, which others wait for before they take what is placed there', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, { incarnation: 'run-1', leaseExpiresAt: fromNow(60_000) })
      await serverLeases.release(id, 'run-1')
      const [released] = await seed.rows('servers', { id })
      expect(released?.incarnation).toBeNull()
      expect(Math.abs((released?.leaseExpiresAt?.getTime() ?? 0) - Date.now())).toBeLessThan(5_000)
      const over = fromNow(-60_000)
      await seed.update('servers', { id }, { incarnation: 'run-2', leaseExpiresAt: over })
      await serverLeases.release(id, 'run-2')
      expect((await seed.rows('servers', { id }))[0]?.leaseExpiresAt).toEqual(over)
    })

    it('are not given for servers that are not in the registry or were deleted', async () => {
      const { seed, serverLeases } = world()
      expect(await serverLeases.claim(newId('server'), 'run-1', ttlMs)).toBeUndefined()
      const deleted = await seedServer(seed, { ...free, deletedAt: fromNow(-1) })
      expect(await serverLeases.claim(deleted, 'run-1', ttlMs)).toBeUndefined()
    })

    it('end when their server is deleted: no renewal is given', async () => {
      const { seed, serverLeases } = world()
      const id = await seedServer(seed, free)
      await serverLeases.claim(id, 'run-1', ttlMs)
      await seed.update('servers', { id }, { deletedAt: fromNow(-1) })
      expect(await serverLeases.renew(id, 'run-1', ttlMs)).toBeUndefined()
    })

    it('survive a registration, which makes the server or updates its figures', async () => {
      const { seed, serverLeases } = world()
      const server = { id: newId('server'), name: 'one', url: 'https://one.example', region: 'eu', maxCapacity: 10 }
      await serverLeases.register(server)
      await serverLeases.claim(server.id, 'run-1', ttlMs)
      await serverLeases.register({ ...server, url: 'https://two.example', maxCapacity: 20 })
      const [row] = await seed.rows('servers', { id: server.id })
      expect(row).toMatchObject({
        status: 'active',
        url: 'https://two.example',
        maxCapacity: 20,
        incarnation: 'run-1',
      })
    })
  })
}
