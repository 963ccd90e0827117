import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { InstanceState } from '#contracts/instance-states.ts'

/** True while the worker of another server than the one where it is placed holds its session. */
export function isMoving({ server, held_by }: FleetInstanceView): boolean {
  return held_by !== null && held_by.id !== server.id
}

const passing: readonly InstanceState[] = ['starting', 'pairing', 'connecting']

/** True while something goes on that people watch. */
export function isSettling(instance: FleetInstanceView): boolean {
  return isMoving(instance) || passing.includes(instance.state)
}
