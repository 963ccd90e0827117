import type { InstanceId, ServerId } from '#contracts/ids.ts'
import type { PlacementCandidate } from '#core/ports/servers.ts'

/**
 * The server for an instance, new or moved. Of the live ones with room: those in `region` before others, because an
 * account that changes its country looks suspicious to WhatsApp; healthy ones before degraded ones; then the one with the
 * smallest share of its capacity in use; of equals the one with the most room, then the one whose id comes first.
 * Undefined when none has room.
 */
export function choosePlacement(
  candidates: readonly PlacementCandidate[],
  region?: string,
): PlacementCandidate | undefined {
  return candidates.filter(hasRoom).toSorted((a, b) => byRegion(a, b, region) || byHealth(a, b) || byLoad(a, b))[0]
}

/** Places instances one after the other, each counting for the next. Null where no server has room. */
export function placeAll<T extends { instanceId: InstanceId; region?: string }>(
  instances: readonly T[],
  candidates: readonly PlacementCandidate[],
): { instance: T; to: ServerId | null }[] {
  const servers = candidates.map((candidate) => ({ ...candidate }))
  return instances.map((instance) => {
    const chosen = choosePlacement(servers, instance.region)
    if (chosen === undefined) return { instance, to: null }
    chosen.instances += 1
    return { instance, to: chosen.id }
  })
}

function hasRoom({ live, instances, maxCapacity }: PlacementCandidate): boolean {
  return live && instances < maxCapacity
}

function byRegion(a: PlacementCandidate, b: PlacementCandidate, region: string | undefined): number {
  return region === undefined ? 0 : Number(b.region === region) - Number(a.region === region)
}

function byHealth(a: PlacementCandidate, b: PlacementCandidate): number {
  return Number(b.health === 'healthy') - Number(a.health === 'healthy')
}

function byLoad(a: PlacementCandidate, b: PlacementCandidate): number {
  // a.instances / a.maxCapacity < b.instances / b.maxCapacity, without the rounding of a division
  const load = a.instances * b.maxCapacity - b.instances * a.maxCapacity
  if (load !== 0) return load
  const room = b.maxCapacity - b.instances - (a.maxCapacity - a.instances)
  if (room !== 0) return room
  return a.id < b.id ? -1 : 1
}
