import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { PlacementCandidate } from '#core/ports/servers.ts'
import { choosePlacement, placeAll } from './placement.ts'

const region = fc.constantFrom('eu', 'sa', 'us')
const candidate = fc.record({
  id: fc.constant(null).map(() => newId('server')),
  region,
  maxCapacity: fc.integer({ min: 1, max: 30 }),
  instances: fc.integer({ min: 0, max: 30 }),
  live: fc.boolean(),
  health: fc.constantFrom('healthy' as const, 'degraded' as const),
})
const candidates = fc.array(candidate, { maxLength: 12 })
const instance = fc.record({ instanceId: fc.constant(null).map(() => newId('instance')), region })
const hasRoom = ({ live, instances, maxCapacity }: PlacementCandidate) => live && instances < maxCapacity
const load = (server: PlacementCandidate) => server.instances / server.maxCapacity

describe('for any servers', () => {
  it('one is chosen exactly when one is live and has room', () => {
    fc.assert(
      fc.property(candidates, region, (servers, wanted) => {
        const chosen = choosePlacement(servers, wanted)
        expect(chosen !== undefined).toBe(servers.some(hasRoom))
        if (chosen !== undefined) expect(servers.filter(hasRoom)).toContain(chosen)
      }),
    )
  })

  it('it is in the wanted region if one with room is, and of those healthy if one is', () => {
    fc.assert(
      fc.property(candidates, region, (servers, wanted) => {
        const chosen = choosePlacement(servers, wanted)
        const near = servers.filter((server) => hasRoom(server) && server.region === wanted)
        if (near.length > 0) expect(chosen?.region).toBe(wanted)
        if (near.some(({ health }) => health === 'healthy')) expect(chosen?.health).toBe('healthy')
      }),
    )
  })

  it('none that is as near and as healthy has a smaller share of its capacity in use', () => {
    fc.assert(
      fc.property(candidates, region, (servers, wanted) => {
        const chosen = choosePlacement(servers, wanted)
        if (chosen === undefined) return
        const equals = servers.filter(
          (server) => hasRoom(server) && server.health === chosen.health && server.region === chosen.region,
        )
        expect(load(chosen)).toBe(Math.min(...equals.map(load)))
      }),
    )
  })

  it('it does not depend on the order in which the servers come', () => {
    fc.assert(
      fc.property(candidates, region, (servers, wanted) => {
        expect(choosePlacement(servers.toReversed(), wanted)).toBe(choosePlacement(servers, wanted))
      }),
    )
  })
})

describe('for any instances that are placed together', () => {
  const many = fc.array(instance, { maxLength: 60 })

  it('each is placed once, none beyond a capacity or on a dead server, and one stays without only when all are full', () => {
    fc.assert(
      fc.property(candidates, many, (servers, instances) => {
        const placed = placeAll(instances, servers)
        expect(placed.map(({ instance: { instanceId } }) => instanceId)).toEqual(
          instances.map(({ instanceId }) => instanceId),
        )
        const after = servers.map((server) => ({
          ...server,
          added: placed.filter(({ to }) => to === server.id).length,
        }))
        for (const { live, instances: before, maxCapacity, added } of after) {
          if (added > 0) expect(live && before + added <= maxCapacity).toBe(true)
        }
        const room = servers.filter(hasRoom).reduce((sum, server) => sum + server.maxCapacity - server.instances, 0)
        expect(placed.filter(({ to }) => to !== null)).toHaveLength(Math.min(room, instances.length))
      }),
    )
  })

  it('equal servers share them to within one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), many, (count, instances) => {
        const servers = Array.from({ length: count }, () => server({ maxCapacity: 500 }))
        const counts = servers.map(({ id }) => placeAll(instances, servers).filter(({ to }) => to === id).length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('leaves the candidates as they were', () => {
    const one = server({ instances: 3 })
    placeAll([{ instanceId: newId('instance') }], [one])
    expect(one.instances).toBe(3)
  })
})

function server(values: Partial<PlacementCandidate>): PlacementCandidate {
  return { id: newId('server'), region: 'eu', maxCapacity: 10, instances: 0, live: true, health: 'healthy', ...values }
}

it('of equally loaded servers takes the one with the most room', () => {
  const small = server({ instances: 5 })
  const large = server({ maxCapacity: 100, instances: 50 })
  expect(choosePlacement([small, large])).toBe(large)
})

it('takes a degraded server of the same region before a healthy one elsewhere', () => {
  const near = server({ health: 'degraded' })
  const far = server({ region: 'us' })
  expect(choosePlacement([far, near], 'eu')).toBe(near)
  expect(choosePlacement([far, near])).toBe(far)
})
