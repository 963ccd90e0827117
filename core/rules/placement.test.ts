import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { PlacementCandidate } from '#core/ports/servers.ts'
import { choosePlacement } from './placement.ts'

const candidate = fc.record({
  id: fc.constant(null).map(() => newId('server')),
  region: fc.constant('eu'),
  maxCapacity: fc.integer({ min: 1, max: 500 }),
  instances: fc.integer({ min: 0, max: 500 }),
  live: fc.boolean(),
})
const candidates = fc.array(candidate, { maxLength: 12 })
const hasRoom = ({ live, instances, maxCapacity }: PlacementCandidate) => live && instances < maxCapacity

describe('for any servers', () => {
  it('chooses one exactly when one is live and has room', () => {
    fc.assert(
      fc.property(candidates, (servers) => {
        const chosen = choosePlacement(servers)
        expect(chosen !== undefined).toBe(servers.some(hasRoom))
        if (chosen !== undefined) expect(servers.filter(hasRoom)).toContain(chosen)
      }),
    )
  })

  it('chooses none that is fuller than another one with room', () => {
    fc.assert(
      fc.property(candidates, (servers) => {
        const chosen = choosePlacement(servers)
        if (chosen === undefined) return
        const load = (server: PlacementCandidate) => server.instances / server.maxCapacity
        expect(load(chosen)).toBe(Math.min(...servers.filter(hasRoom).map(load)))
      }),
    )
  })

  it('does not depend on the order in which the servers come', () => {
    fc.assert(
      fc.property(candidates, (servers) => {
        expect(choosePlacement(servers.toReversed())).toBe(choosePlacement(servers))
      }),
    )
  })
})

it('of equally loaded servers takes the one with the most room', () => {
  const small = { id: newId('server'), region: 'eu', maxCapacity: 10, instances: 5, live: true }
  const large = { ...small, id: newId('server'), maxCapacity: 100, instances: 50 }
  expect(choosePlacement([small, large])).toBe(large)
})
