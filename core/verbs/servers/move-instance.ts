import { ApiError } from '#contracts/errors.ts'
import type { InstanceId, ServerId } from '#contracts/ids.ts'
import { found } from '#core/rules/not-found.ts'
import { choosePlacement } from '#core/rules/placement.ts'
import type { AdminActor } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { hintLook } from './hint-look.ts'

/**
 * Orders that an instance be moved to a server, or to the best other one. Its owner hands it over within about a second;
 * until then it works where it is. Where it is already is no error. Throws NOT_FOUND, and NO_CAPACITY when the server takes
 * no instances now or is full.
 */
export async function moveInstance(
  app: Pick<App, 'servers' | 'gateway' | 'background'>,
  actor: AdminActor,
  instanceId: InstanceId,
  wanted?: ServerId,
): Promise<{ from: ServerId; to: ServerId }> {
  const from = found('instance', await app.servers.placementOf(instanceId))
  const to = wanted ?? (await bestOther(app, from))
  if (to === from) return { from, to }
  const audit = auditOf(actor, { action: 'instance.move', target: instanceId, details: { from, to: to ?? null } })
  if (to === undefined || (await app.servers.place([{ instanceId, from, to }], audit)).length === 0) {
    throw new ApiError('NO_CAPACITY', 'The server takes no instance now, or the instance was moved meanwhile.')
  }
  hintLook(app, [from, to])
  return { from, to }
}

async function bestOther(app: Pick<App, 'servers'>, from: ServerId): Promise<ServerId | undefined> {
  const servers = await app.servers.placementCandidates()
  const region = servers.find(({ id }) => id === from)?.region
  return choosePlacement(
    servers.filter(({ id }) => id !== from),
    region,
  )?.id
}
