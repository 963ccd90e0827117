import type { InstanceId } from '#contracts/ids.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import type { Log } from '#worker-node/log.ts'
import { pause } from '#worker-node/timing.ts'

const retryAfterMs = 1_000

/** What a write on behalf of a session needs to know of it. */
export interface FencedSession {
  readonly instanceId: InstanceId
  readonly fence: Fence
  /** Aborted when the session has ended. */
  readonly over: AbortSignal
  /** The fence no longer holds: close without another write. */
  abandon(): void
}

/**
 * Repeats a session's write until it holds. Undefined when the fence does not hold any more, which ends the session, or
 * when the session ends first. It cannot repeat for long: a database that stays away costs the server its lease.
 */
export async function untilWritten<T>(
  session: FencedSession,
  log: Log,
  write: () => Promise<T>,
): Promise<T | undefined> {
  while (!session.over.aborted) {
    try {
      return await write()
    } catch (error) {
      if (error instanceof FencedOut) {
        session.abandon()
        return undefined
      }
      log.warn('A write of a session failed; trying again.', { instance: session.instanceId, error })
      await pause(retryAfterMs, session.over)
    }
  }
  return undefined
}
