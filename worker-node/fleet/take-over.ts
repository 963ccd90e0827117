import type { Fleet, ServerRun } from '#core/ports/fleet.ts'
import { placeAll } from '#core/rules/placement.ts'
import type { Log } from '#worker-node/log.ts'

/** Orphans that are placed in one transaction. */
export const orphansPerBatch = 100

/**
 * Ends the leases of dead servers and places what they left, batch by batch, by the placement rule. What finds no room, or
 * is held locked, is left for the next look. How many instances were moved.
 */
export async function takeOverOrphans(
  { fleet, log }: { fleet: Pick<Fleet, 'endDeadLeases' | 'orphans' | 'candidates' | 'takeOver'>; log: Log },
  run: ServerRun,
): Promise<number> {
  for (const server of await fleet.endDeadLeases(run)) {
    log.warn('The lease of a server ran out: its instances are taken over.', { server })
  }
  let moved = 0
  for (;;) {
    const orphans = await fleet.orphans(orphansPerBatch)
    if (orphans.length === 0) break
    const placed = placeAll(orphans, await fleet.candidates())
    const taken = await fleet.takeOver(
      run,
      placed.map(({ instance: { instanceId, from }, to }) => ({ instanceId, from, to })),
    )
    moved += taken.length
    if (taken.length < orphansPerBatch) break
  }
  if (moved > 0) log.warn('Instances of lost servers were placed anew.', { count: moved })
  return moved
}
