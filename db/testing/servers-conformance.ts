import { describe, expect, it } from 'vitest'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import type { EdgeStores } from './edge-stores.ts'
import { openForSuite } from './open-for-suite.ts'

export function serversConformance(open: () => Promise<Pick<EdgeStores, 'servers' | 'seed' | 'close'>>): void {
  describe('Servers', () => {
    const opened = openForSuite(open)

    it('offers active servers only, with how full they are and whether their worker lives', async () => {
      const { servers, seed } = opened()
      const customerId = await seedCustomer(seed)
      const live = await seedServer(seed, { region: 'sa-east', maxCapacity: 7 })
      const expired = await seedServer(seed, { leaseExpiresAt: new Date(Date.now() - 1_000) })
      const neverRan = await seedServer(seed, { incarnation: null, leaseExpiresAt: null })
      await seedServer(seed, { status: 'draining' })
      await seedServer(seed, { deletedAt: new Date() })
      await seedInstance(seed, { customerId, serverId: live })
      await seedInstance(seed, { customerId, serverId: live }, { desired: 'stopped' })
      await seedInstance(seed, { customerId, serverId: live }, { deletedAt: new Date() })

      const candidates = await servers.placementCandidates()
      expect(candidates.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
        [
          { id: live, region: 'sa-east', maxCapacity: 7, instances: 2, live: true },
          { id: expired, region: 'eu', maxCapacity: 100, instances: 0, live: false },
          { id: neverRan, region: 'eu', maxCapacity: 100, instances: 0, live: false },
        ].toSorted((a, b) => a.id.localeCompare(b.id)),
      )
    })
  })
}
