import { accessToken, refreshAccess } from '#dashboard/lib/session.ts'
import { CallFailed } from './call-failed.ts'
import { readEvents, type StreamEvent } from './read-events.ts'

/** A stream of events as the admin who is logged in, as `call` makes a call. Throws CallFailed. */
export async function* callEvents(path: string, signal: AbortSignal): AsyncGenerator<StreamEvent, void> {
  const token = accessToken() ?? ''
  try {
    yield* readEvents(path, { token, signal })
  } catch (error) {
    if (!(error instanceof CallFailed) || error.code !== 'INVALID_ADMIN_TOKEN') throw error
    yield* readEvents(path, { token: await refreshAccess(token), signal })
  }
}
