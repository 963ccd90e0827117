import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silentLog } from '#worker-node/log.ts'
import { startExpirySweep } from './expiry-sweep.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('ends what is due in batches, again and again, and tells when there were events', async () => {
  let due = 1_200
  const told = vi.fn()
  const expireDueAcrossCustomers = async (limit: number) => {
    const ended = Math.min(limit, due)
    due -= ended
    return ended
  }
  const sweep = startExpirySweep({
    outbox: { expireDueAcrossCustomers },
    intervalMs: 5_000,
    log: silentLog,
    onExpired: told,
  })
  await vi.advanceTimersByTimeAsync(0)
  expect(due).toBe(0)
  expect(told).toHaveBeenCalledTimes(3)
  due = 1
  await vi.advanceTimersByTimeAsync(5_000)
  expect(due).toBe(0)
  await sweep.stop()
})
