import { FencedOut, type Fence, type SessionLeases, type StateReport } from '#core/ports/session-leases.ts'
import type { Log } from '#worker-node/log.ts'
import { pause } from '#worker-node/timing.ts'

const retryAfterMs = 1_000

/**
 * Writes a session's states one after the other, in the order in which they came about: the database's state is what
 * customers see, and each change is an event to them. A write that fails is tried again until it holds, until the fence
 * does not, or until the session has ended.
 */
export interface StateReporter {
  report(report: StateReport): void
  /** Resolves when everything reported so far is written or can never be. */
  flush(): Promise<void>
  /** Drops what is not written yet. */
  close(): void
}

export function createStateReporter(deps: {
  fence: Fence
  leases: Pick<SessionLeases, 'reportState'>
  log: Log
  /** A report is durable, and so is its event. */
  onReported: () => void
  onFencedOut: () => void
}): StateReporter {
  const { fence, leases, log } = deps
  const closed = new AbortController()
  let last: StateReport | undefined
  let tail = Promise.resolve()

  async function write(report: StateReport): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        await leases.reportState(fence, report)
        deps.onReported()
        return
      } catch (error) {
        if (error instanceof FencedOut) return deps.onFencedOut()
        log.warn('A state could not be written; trying again.', { instance: fence.instanceId, error })
        await pause(retryAfterMs, closed.signal)
      }
    }
  }

  return {
    report(report) {
      const news = report.state !== last?.state || report.reason !== last.reason || report.phoneNumber !== undefined
      if (!news) return
      last = report
      tail = tail.then(() => write(report))
    },
    flush: () => tail,
    close: () => closed.abort(),
  }
}
