import type { StateChangeView } from '#contracts/http/fleet-instances.ts'
import type { InstanceId } from '#contracts/ids.ts'
import { stateReasons } from '#contracts/instance-states.ts'
import type { Page } from '#core/ports/instances.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'

/** The states that an instance has had, newest first. Throws NOT_FOUND. */
export async function listStateChanges(
  { fleetInstances }: Pick<AdminApp, 'fleetInstances'>,
  id: InstanceId,
  query: { limit: number; cursor?: string },
): Promise<Page<StateChangeView>> {
  const page = found('instance', await fleetInstances.stateChanges(id, query))
  const items = page.items.map(({ occurredAt, ...change }) => ({
    ...change,
    reason_text: change.reason === null ? null : stateReasons[change.reason],
    occurred_at: occurredAt.toISOString(),
  }))
  return { ...page, items }
}
