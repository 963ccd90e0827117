import type { Outbox, Receipt } from '#core/ports/outbox.ts'
import type { Log } from '#worker-node/log.ts'
import { untilWritten, type FencedSession } from '#worker-node/sessions/until-written.ts'

/** Writes what WhatsApp tells about sent messages, per session one receipt after the other. */
export interface ReceiptWriter {
  write(session: FencedSession, receipt: Receipt): void
}

export function createReceiptWriter(deps: {
  outbox: Pick<Outbox, 'applyReceipt'>
  log: Log
  /** A receipt and its events are durable. */
  onWritten: () => void
}): ReceiptWriter {
  const tails = new WeakMap<FencedSession, Promise<void>>()

  return {
    write(session, receipt) {
      const before = tails.get(session) ?? Promise.resolve()
      const written = before.then(async () => {
        await untilWritten(session, deps.log, () => deps.outbox.applyReceipt(session.fence, receipt))
        deps.onWritten()
      })
      tails.set(session, written)
    },
  }
}
