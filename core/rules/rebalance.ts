import type { ServerId } from '#contracts/ids.ts'
import type { Move, PlacedInstance, PlacementCandidate } from '#core/ports/servers.ts'

/**
 * The fewest moves after which each live server of a region holds its share of the region's instances, in proportion to
 * its capacity and to within one. Idle instances move first, then those whose last message is longest ago. Servers that
 * take nothing now, and what is on them, are left alone; nothing leaves its region.
 */
export function planRebalance(candidates: readonly PlacementCandidate[], placed: readonly PlacedInstance[]): Move[] {
  const live = candidates.filter(({ live: takes }) => takes)
  const regions = [...new Set(live.map(({ region }) => region))].toSorted()
  return regions.flatMap((region) =>
    movesWithin(
      live.filter((server) => server.region === region).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      placed,
    ),
  )
}

interface Share {
  id: ServerId
  instances: PlacedInstance[]
  target: number
}

function movesWithin(servers: readonly PlacementCandidate[], placed: readonly PlacedInstance[]): Move[] {
  const shares = sharesOf(servers, placed)
  const surplus = shares.flatMap(({ id, instances, target }) =>
    instances
      .toSorted(idleFirst)
      .slice(0, Math.max(0, instances.length - target))
      .map(({ instanceId }) => ({ instanceId, from: id })),
  )
  const places = shares.flatMap(({ id, instances, target }) =>
    Array.from({ length: Math.max(0, target - instances.length) }, () => id),
  )
  return surplus.flatMap((leaving, index) => {
    const to = places[index]
    return to === undefined ? [] : [{ ...leaving, to }]
  })
}

/** Each server's exact share rounded down, and one more for as many as are left over: first where that saves a move. */
function sharesOf(servers: readonly PlacementCandidate[], placed: readonly PlacedInstance[]): Share[] {
  const capacity = servers.reduce((sum, { maxCapacity }) => sum + maxCapacity, 0)
  const shares = servers.map(({ id, maxCapacity }) => ({
    id,
    maxCapacity,
    instances: placed.filter(({ serverId }) => serverId === id),
  }))
  const total = shares.reduce((sum, { instances }) => sum + instances.length, 0)
  const rounded = shares.map(({ id, maxCapacity, instances }) => {
    // In whole numbers: a share such as 3 * (1 / 3) must not become 0.
    const target = Math.floor((total * maxCapacity) / capacity)
    return { id, instances, target, rest: (total * maxCapacity) % capacity }
  })
  let left = total - rounded.reduce((sum, { target }) => sum + target, 0)
  const saves = ({ instances, target }: Share) => Number(instances.length > target)
  for (const share of rounded.toSorted((a, b) => saves(b) - saves(a) || b.rest - a.rest || (a.id < b.id ? -1 : 1))) {
    if (left === 0) break
    if (share.rest === 0) continue
    share.target += 1
    left -= 1
  }
  return rounded
}

function idleFirst(a: PlacedInstance, b: PlacedInstance): number {
  if (a.idle !== b.idle) return a.idle ? -1 : 1
  if (a.lastMessage !== b.lastMessage) return a.lastMessage - b.lastMessage
  return a.instanceId < b.instanceId ? -1 : 1
}
