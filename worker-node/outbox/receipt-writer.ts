import type { Outbox, Receipt } from '#core/ports/outbox.ts'
import type { Log } from '#worker-node/log.ts'
import { untilWritten, type FencedSession } from '#worker-node/sessions/until-written.ts'

/** Messages in one receipt, about: a statement must not grow without end. */
const mostTogether = 200

/** Writes what WhatsApp tells about sent messages, per session one after the other. */
export interface ReceiptWriter {
  write(session: FencedSession, receipt: Receipt): void
}

/** Receipts that came while one is written wait, and those in a row that say the same become one. */
export function createReceiptWriter(deps: {
  outbox: Pick<Outbox, 'applyReceipt'>
  log: Log
  /** A receipt and its events are durable. */
  onWritten: () => void
}): ReceiptWriter {
  const waiting = new WeakMap<FencedSession, Receipt[]>()

  async function writeAll(session: FencedSession, receipts: Receipt[]): Promise<void> {
    while (receipts.length > 0) {
      const [receipt] = receipts.splice(0, 1) as [Receipt]
      await untilWritten(session, deps.log, () => deps.outbox.applyReceipt(session.fence, receipt))
      deps.onWritten()
    }
    waiting.delete(session)
  }

  return {
    write(session, receipt) {
      const receipts = waiting.get(session)
      if (receipts === undefined) {
        const first = [receipt]
        waiting.set(session, first)
        void writeAll(session, first)
        return
      }
      const last = receipts.at(-1)
      const alike = last?.status === receipt.status && last.waMessageIds.length < mostTogether
      if (!alike) receipts.push(receipt)
      else receipts.splice(-1, 1, { ...last, waMessageIds: [...last.waMessageIds, ...receipt.waMessageIds] })
    },
  }
}
