import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { PlacedInstance, PlacementCandidate } from '#core/ports/servers.ts'
import { planRebalance } from './rebalance.ts'

interface Fleet {
  servers: PlacementCandidate[]
  placed: PlacedInstance[]
}

const fleet: fc.Arbitrary<Fleet> = fc
  .array(
    fc.record({
      region: fc.constantFrom('eu', 'us'),
      maxCapacity: fc.integer({ min: 1, max: 20 }),
      live: fc.boolean(),
      // In pairs: whether it is idle, and when it last had a message.
      instances: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 9 })), { maxLength: 20 }),
    }),
    { maxLength: 6 },
  )
  .map((specs) => {
    const made = specs.map(({ region, maxCapacity, live, instances }) => {
      const id = newId('server')
      const placed = instances.slice(0, maxCapacity).map(([idle, lastMessage]) => ({
        instanceId: newId('instance'),
        serverId: id,
        idle,
        lastMessage,
      }))
      const server = { id, region, maxCapacity, live, health: 'healthy' as const, instances: placed.length }
      return { server, placed }
    })
    return { servers: made.map(({ server }) => server), placed: made.flatMap(({ placed }) => placed) }
  })

function countsAfter({ servers, placed }: Fleet): Map<string, number> {
  const moved = new Map(planRebalance(servers, placed).map(({ instanceId, to }) => [instanceId, to]))
  const counts = new Map<string, number>(servers.map(({ id }) => [id, 0]))
  for (const { instanceId, serverId } of placed) {
    const at = moved.get(instanceId) ?? serverId
    counts.set(at, (counts.get(at) ?? 0) + 1)
  }
  return counts
}

/** The exact share of each live server, as a fraction. */
function idealOf({ servers, placed }: Fleet, server: PlacementCandidate): number {
  const peers = servers.filter(({ live, region }) => live && region === server.region)
  const capacity = peers.reduce((sum, { maxCapacity }) => sum + maxCapacity, 0)
  const total = placed.filter(({ serverId }) => peers.some(({ id }) => id === serverId)).length
  return (total * server.maxCapacity) / capacity
}

describe('for any fleet', () => {
  it('each live server then holds its share to within one, and none more than its capacity', () => {
    fc.assert(
      fc.property(fleet, (before) => {
        const counts = countsAfter(before)
        for (const server of before.servers.filter(({ live }) => live)) {
          const held = counts.get(server.id) ?? 0
          expect(Math.abs(held - idealOf(before, server))).toBeLessThan(1)
          expect(held).toBeLessThanOrEqual(server.maxCapacity)
        }
      }),
    )
  })

  it('no plan with fewer moves would do: nothing leaves a server that holds no more than its share rounded up', () => {
    fc.assert(
      fc.property(fleet, ({ servers, placed }) => {
        const moves = planRebalance(servers, placed)
        const fewest = fewestMoves({ servers, placed })
        expect(moves).toHaveLength(fewest)
      }),
    )
  })

  it('a second plan after the first moves nothing', () => {
    fc.assert(
      fc.property(fleet, ({ servers, placed }) => {
        const moved = new Map(planRebalance(servers, placed).map(({ instanceId, to }) => [instanceId, to]))
        const after = placed.map((one) => ({ ...one, serverId: moved.get(one.instanceId) ?? one.serverId }))
        expect(planRebalance(servers, after)).toEqual([])
      }),
    )
  })

  it('idle instances leave a server before others, and of others those whose last message is oldest', () => {
    fc.assert(
      fc.property(fleet, ({ servers, placed }) => {
        const moved = new Set(planRebalance(servers, placed).map(({ instanceId }) => instanceId))
        for (const { id } of servers) {
          const here = placed.filter(({ serverId }) => serverId === id)
          const rank = ({ idle, lastMessage }: PlacedInstance) => (idle ? -10 : lastMessage)
          const left = here.filter(({ instanceId }) => moved.has(instanceId)).map(rank)
          const stayed = here.filter(({ instanceId }) => !moved.has(instanceId)).map(rank)
          if (left.length > 0 && stayed.length > 0) expect(Math.max(...left)).toBeLessThanOrEqual(Math.min(...stayed))
        }
      }),
    )
  })

  it('dead servers neither lose nor get any, and nothing leaves its region', () => {
    fc.assert(
      fc.property(fleet, ({ servers, placed }) => {
        const at = new Map(servers.map((server) => [server.id, server]))
        for (const { from, to } of planRebalance(servers, placed)) {
          expect([at.get(from)?.live, at.get(to)?.live]).toEqual([true, true])
          expect(at.get(from)?.region).toBe(at.get(to)?.region)
        }
      }),
    )
  })
})

/** By trying every way to round the shares. */
function fewestMoves({ servers, placed }: Fleet): number {
  const held = (id: string) => placed.filter(({ serverId }) => serverId === id).length
  const regions = [...new Set(servers.map(({ region }) => region))]
  return regions.reduce((sum, region) => {
    const peers = servers.filter((server) => server.live && server.region === region)
    const total = peers.reduce((count, { id }) => count + held(id), 0)
    let fewest = Infinity
    for (let ways = 0; ways < 2 ** peers.length; ways += 1) {
      const targets = peers.map((server, index) => {
        const ideal = idealOf({ servers, placed }, server)
        return (ways >> index) % 2 === 0 ? Math.floor(ideal) : Math.ceil(ideal)
      })
      if (targets.reduce((count, target) => count + target, 0) !== total) continue
      const moves = peers.reduce((count, { id }, index) => count + Math.max(0, held(id) - (targets[index] ?? 0)), 0)
      fewest = Math.min(fewest, moves)
    }
    return sum + (peers.length === 0 ? 0 : fewest)
  }, 0)
}
