import type { SessionLeases, ShownQr, StateReport } from '#core/ports/session-leases.ts'
import type { Log } from '#worker-node/log.ts'
import { untilWritten, type FencedSession } from './until-written.ts'

/**
 * Writes a session's states and QR codes one after the other, in the order in which they came about: the database's state is what
 * customers see, and each change is an event to them.
 */
export interface StateReporter {
  report(report: StateReport): void
  /**
   * The database says something else than the last report, or did so when it was asked. A write that got no answer is
   * repeated, and the first one can still arrive, after a newer one: the last report is then written once more.
   */
  correct(): void
  /** A new QR code is shown. Its text is for the customer's events alone. */
  reportQr(shown: ShownQr): void
  /** Resolves when everything reported so far is written or can never be. */
  flush(): Promise<void>
}

export function createStateReporter(deps: {
  session: FencedSession
  leases: Pick<SessionLeases, 'reportState' | 'reportQr'>
  log: Log
  /** A report is durable, and so is its event. */
  onReported: () => void
}): StateReporter {
  const { session, leases, log } = deps
  let last: StateReport | undefined
  let tail = Promise.resolve()
  let writing = 0

  function writeInTurn(write: () => Promise<void>): void {
    writing += 1
    tail = tail.then(async () => {
      await untilWritten(session, log, write)
      writing -= 1
      if (!session.over.aborted) deps.onReported()
    })
  }

  return {
    report(report) {
      const known = report.state === last?.state && report.reason === last.reason && report.phoneNumber === undefined
      if (known) return
      last = report
      writeInTurn(() => leases.reportState(session.fence, report))
    },
    correct() {
      const report = last
      if (report !== undefined && writing === 0) writeInTurn(() => leases.reportState(session.fence, report))
    },
    reportQr: (shown) => writeInTurn(() => leases.reportQr(session.fence, shown)),
    flush: () => tail,
  }
}
