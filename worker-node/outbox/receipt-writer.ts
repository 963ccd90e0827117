import type { Outbox, Receipt } from '#core/ports/outbox.ts'
import type { Log } from '#worker-node/log.ts'
import { untilWritten, type FencedSession } from '#worker-node/sessions/until-written.ts'

/** Messages in one receipt, about: a statement must not grow without end. */
const mostTogether = 200

/** Writes what WhatsApp tells about sent messages, per session one after the other. */
export interface ReceiptWriter {
  /** Resolves when the receipt is durable (true), or will not be because its session ended first (false). */
  write(session: FencedSession, receipt: Receipt): Promise<boolean>
}

/** One or more receipts that are written together, and what becomes of them. */
interface Waiting {
  receipt: Receipt
  written: Promise<boolean>
  settle: (written: boolean) => void
}

/** Receipts that came while one is written wait, and those in a row that say the same become one. */
export function createReceiptWriter(deps: {
  outbox: Pick<Outbox, 'applyReceipt'>
  log: Log
  /** A receipt and its events are durable. */
  onWritten: () => void
}): ReceiptWriter {
  const waitingOf = new WeakMap<FencedSession, Waiting[]>()

  async function writeAll(session: FencedSession, waiting: Waiting[]): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { receipt, settle } = next
      const written = await untilWritten(session, deps.log, async () => {
        await deps.outbox.applyReceipt(session.fence, receipt)
        return true
      })
      settle(written ?? false)
      if (written) deps.onWritten()
    }
    waitingOf.delete(session)
  }

  return {
    write(session, receipt) {
      const waiting = waitingOf.get(session)
      const last = waiting?.at(-1)
      if (last?.receipt.status === receipt.status && last.receipt.waMessageIds.length < mostTogether) {
        last.receipt = { ...receipt, waMessageIds: [...last.receipt.waMessageIds, ...receipt.waMessageIds] }
        return last.written
      }
      const next = makeWaiting(receipt)
      if (waiting !== undefined) waiting.push(next)
      else {
        const first = [next]
        waitingOf.set(session, first)
        void writeAll(session, first)
      }
      return next.written
    },
  }
}

function makeWaiting(receipt: Receipt): Waiting {
  let settle: Waiting['settle'] = () => {}
  const written = new Promise<boolean>((resolve) => (settle = resolve))
  return { receipt, written, settle }
}
