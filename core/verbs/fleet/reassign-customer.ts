import { ApiError } from '#contracts/errors.ts'
import type { CustomerId, ServerId } from '#contracts/ids.ts'
import type { Move } from '#core/ports/servers.ts'
import { found } from '#core/rules/not-found.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { hintLook } from '#core/verbs/servers/hint-look.ts'

/**
 * Orders that a customer's instances be moved to a server, as many as it has room for. Returns what was ordered, and how
 * many stay where they are. Throws NOT_FOUND, and NO_CAPACITY when the server takes none of them.
 */
export async function reassignCustomer(
  app: Pick<App, 'servers' | 'gateway' | 'background'> & Pick<AdminApp, 'fleetInstances'>,
  actor: AdminActor,
  customerId: CustomerId,
  to: ServerId,
): Promise<{ moves: Move[]; left: number }> {
  const placed = found('customer', await app.fleetInstances.placements(customerId))
  const planned = placed.flatMap(({ instanceId, serverId: from }) => (from === to ? [] : [{ instanceId, from, to }]))
  const details = { to, planned: planned.length }
  const audit = auditOf(actor, { action: 'customer.reassign', target: customerId, customerId, details })
  const ordered = new Set(await app.servers.place(planned, audit))
  const moves = planned.filter(({ instanceId }) => ordered.has(instanceId))
  if (moves.length === 0 && planned.length > 0)
    throw new ApiError('NO_CAPACITY', 'The server takes no instance now: it must be active, with a worker and room.')
  if (moves.length > 0) hintLook(app, [to, ...new Set(moves.map(({ from }) => from))])
  return { moves, left: planned.length - moves.length }
}
