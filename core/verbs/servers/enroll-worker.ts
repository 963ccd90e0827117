import { ApiError } from '#contracts/errors.ts'
import { newId, type ServerId } from '#contracts/ids.ts'
import type { EnrollingWorker } from '#core/ports/server-registry.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'

const refusals = {
  unknown: 'There is no such enrollment token: it was mistyped, or replaced by a newer one.',
  used: 'This enrollment token was used already: make another one for this server.',
  expired: 'This enrollment token has expired: make another one for this server.',
} as const

/** Registers a worker's key and figures by a token that works once. Throws INVALID_ENROLLMENT_TOKEN. */
export async function enrollWorker(
  app: Pick<AdminApp, 'serverRegistry'>,
  { requestId, address }: Origin,
  token: string,
  worker: EnrollingWorker,
): Promise<{ serverId: ServerId; name: string; url: string }> {
  const outcome = await app.serverRegistry.enroll(await sha256Hex(token), worker, {
    id: newId('auditEntry'),
    adminId: null,
    action: 'server.enroll',
    address,
    requestId,
    details: { ...worker },
  })
  if (typeof outcome === 'string') throw new ApiError('INVALID_ENROLLMENT_TOKEN', refusals[outcome])
  return outcome
}
