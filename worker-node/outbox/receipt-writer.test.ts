import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { Receipt } from '#core/ports/outbox.ts'
import { FencedOut, type Fence } from '#core/ports/session-leases.ts'
import { silentLog } from '#worker-node/log.ts'
import { createFakeSession } from '#worker-node/testing/fake-session.ts'
import { createReceiptWriter } from './receipt-writer.ts'

const fence: Fence = { instanceId: newId('instance'), epoch: 1, incarnation: 'run-1' }
const delivered: Receipt = { waMessageIds: ['A'], status: 'delivered' }
const read: Receipt = { waMessageIds: ['A'], status: 'read' }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('writes receipts in the order in which they came, also across a failure of the database', async () => {
  const written: string[] = []
  const applyReceipt = vi.fn(async (_fence: Fence, { status }: Receipt) => void written.push(status))
  applyReceipt.mockRejectedValueOnce(new Error('connection refused'))
  const writer = createReceiptWriter({ outbox: { applyReceipt }, log: silentLog, onWritten: () => {} })
  const session = createFakeSession(fence)
  const both = [writer.write(session, delivered), writer.write(session, read)]
  await vi.advanceTimersByTimeAsync(2_000)
  expect(written).toEqual(['delivered', 'read'])
  expect(await Promise.all(both)).toEqual([true, true])
})

it('writes at once what came while another was written: receipts in a row that say the same are one', async () => {
  const applyReceipt = vi.fn(async () => {})
  const writer = createReceiptWriter({ outbox: { applyReceipt }, log: silentLog, onWritten: () => {} })
  const session = createFakeSession(fence)
  const receipts: Receipt[] = [
    delivered,
    { waMessageIds: ['B'], status: 'delivered' },
    { waMessageIds: ['C'], status: 'delivered' },
    read,
    { waMessageIds: ['D'], status: 'delivered' },
  ]
  const written = receipts.map((receipt) => writer.write(session, receipt))
  await vi.advanceTimersByTimeAsync(0)
  expect(applyReceipt.mock.calls).toEqual([
    [fence, delivered],
    [fence, { waMessageIds: ['B', 'C'], status: 'delivered' }],
    [fence, read],
    [fence, { waMessageIds: ['D'], status: 'delivered' }],
  ])
  expect(await Promise.all(written)).toEqual(receipts.map(() => true))
})

it('ends the session when the fence no longer holds', async () => {
  const applyReceipt = () => Promise.reject(new FencedOut(fence))
  const writer = createReceiptWriter({ outbox: { applyReceipt }, log: silentLog, onWritten: () => {} })
  const session = createFakeSession(fence)
  const [first, second] = [writer.write(session, delivered), writer.write(session, read)]
  await vi.advanceTimersByTimeAsync(0)
  expect(session.over.aborted).toBe(true)
  expect([await first, await second]).toEqual([false, false])
})
