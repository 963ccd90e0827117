import { ApiError } from '#contracts/errors.ts'
import type { ServerId } from '#contracts/ids.ts'
import type { App } from '#core/verbs/app.ts'

/** A customer can only be given a server that is there. Throws VALIDATION_ERROR. */
export async function requireServer(app: Pick<App, 'servers'>, id: ServerId | null | undefined): Promise<void> {
  if (id === null || id === undefined || (await app.servers.get(id)) !== undefined) return
  throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
    details: { assign_server: 'is not the id of a server' },
  })
}
