import type { PlacementCandidate } from '#core/ports/servers.ts'

/**
 * The server for a new instance: of the live ones with room, the one with the smallest share of its capacity in use;
 * of equals the one with the most room, then the one whose id comes first. Undefined when none has room.
 */
export function choosePlacement(candidates: readonly PlacementCandidate[]): PlacementCandidate | undefined {
  return candidates.filter(hasRoom).toSorted(byLoad)[0]
}

function hasRoom({ live, instances, maxCapacity }: PlacementCandidate): boolean {
  return live && instances < maxCapacity
}

function byLoad(a: PlacementCandidate, b: PlacementCandidate): number {
  // a.instances / a.maxCapacity < b.instances / b.maxCapacity, without the rounding of a division
  const load = a.instances * b.maxCapacity - b.instances * a.maxCapacity
  if (load !== 0) return load
  const room = b.maxCapacity - b.instances - (a.maxCapacity - a.instances)
  if (room !== 0) return room
  return a.id < b.id ? -1 : 1
}
