import type { Account, CloseCause, Connection, Driver } from '#core/ports/driver.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import type { InstanceId } from '#contracts/ids.ts'
import type { Fence } from '#core/ports/session-leases.ts'
import { waitFor } from '#local/testing/wait-for.ts'

/** What a connection told, in order. */
export type ConnectionCall =
  | { call: 'qr'; qr: string; expiresAt: Date }
  | { call: 'paired'; account: Account }
  | { call: 'open'; account: Account }
  | { call: 'receipt'; receipt: Receipt }
  | { call: 'journaled' }
  | { call: 'closed'; cause: CloseCause }

type CallOf<C extends ConnectionCall['call']> = Extract<ConnectionCall, { call: C }>

export interface RecordedConnection extends Connection {
  calls: readonly ConnectionCall[]
  /** The first such call, past or future, that matches. Fails at once when the connection closes instead. */
  told<C extends ConnectionCall['call']>(
    call: C,
    match?: (call: CallOf<C>) => boolean,
    timeoutMs?: number,
  ): Promise<CallOf<C>>
}

/** Opens a connection and writes down what it tells. Without `keepsReceipts` none of them is said to be durable. */
export function openRecorded(
  driver: Driver,
  session: { instanceId: InstanceId; fence: Fence },
  { keepsReceipts = true } = {},
): RecordedConnection {
  const calls: ConnectionCall[] = []
  const connection = driver.open(session, {
    onQr: (qr, expiresAt) => calls.push({ call: 'qr', qr, expiresAt }),
    onPaired: (account) => calls.push({ call: 'paired', account }),
    onOpen: (account) => calls.push({ call: 'open', account }),
    async onReceipt(receipt) {
      calls.push({ call: 'receipt', receipt })
      return keepsReceipts
    },
    onJournaled: () => calls.push({ call: 'journaled' }),
    onClosed: (cause) => calls.push({ call: 'closed', cause }),
  })

  return {
    ...connection,
    calls,
    async told(call, match = () => true, timeoutMs = 10_000) {
      const wanted = (told: ConnectionCall): told is CallOf<typeof call> =>
        told.call === call && match(told as CallOf<typeof call>)
      const found = await waitFor(() => calls.find(wanted) ?? calls.find((told) => told.call === 'closed'), {
        what: `the connection to tell "${call}"`,
        timeoutMs,
      })
      if (wanted(found)) return found
      throw new Error(`Closed before it told "${call}": ${JSON.stringify(found)}`)
    },
  }
}
