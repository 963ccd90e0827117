import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { Background } from '#core/ports/background.ts'
import type { RequestDay } from '#core/ports/usage.ts'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { createUsageBuffer } from './usage-buffer.ts'

const flushMs = 10_000
const one = { requests: 1, bytesIn: 10, bytesOut: 100 }

/** A buffer whose sleeps end when told, or never, as when a request is ended before its time. */
function arrange() {
  let now = new Date('2026-01-31T23:59:55Z')
  const written: RequestDay[][] = []
  const sleeping: (() => void)[] = []
  const running: Promise<unknown>[] = []
  const background: Background = {
    run: (work) => void running.push(work()),
    sleep: () => Promise.reject(new Error('Nobody waits inside of a request.')),
  }
  const usage = {
    ...createMemoryApp().usage,
    addRequests: async (counts: readonly RequestDay[]) => void written.push([...counts]),
  }
  const sleep = () => new Promise<void>((resolve) => sleeping.push(resolve))
  const buffer = createUsageBuffer({ flushAfterMs: flushMs, sleep })
  const services = { usage, background, clock: { now: () => now } }
  return {
    written,
    services,
    count: (id: Parameters<typeof buffer.count>[1]) => buffer.count(services, id, one),
    pass: (ms: number) => void (now = new Date(now.getTime() + ms)),
    asleep: () => sleeping.length,
    wake: async () => {
      for (const resolve of sleeping.splice(0)) resolve()
      await Promise.all(running.splice(0))
    },
  }
}

it('writes down at once what many requests of some seconds counted, by customer and UTC day', async () => {
  const { written, count, pass, asleep, wake } = arrange()
  const [a, b] = [newId('customer'), newId('customer')]
  for (const id of [a, a, b]) count(id)
  pass(6_000)
  count(a)
  expect(asleep()).toBe(1)
  await wake()
  const of = (customerId: string, day: string, times: number) => ({
    customerId,
    day,
    requests: times,
    bytesIn: 10 * times,
    bytesOut: 100 * times,
  })
  expect(written).toEqual([[of(a, '2026-01-31', 2), of(b, '2026-01-31', 1), of(a, '2026-02-01', 1)]])
  count(b)
  await wake()
  expect(written[1]).toEqual([of(b, '2026-02-01', 1)])
})

it('begins another flush when the one before never came, and loses nothing', async () => {
  const { written, count, pass, asleep, wake } = arrange()
  const id = newId('customer')
  count(id)
  pass(2 * flushMs)
  count(id)
  expect(asleep()).toBe(2)
  await wake()
  expect(written.flat().reduce((sum, { requests }) => sum + requests, 0)).toBe(2)
})

it('counts on after a flush that failed', async () => {
  const { written, services, count, wake } = arrange()
  const id = newId('customer')
  const { addRequests } = services.usage
  services.usage.addRequests = () => Promise.reject(new Error('away'))
  count(id)
  await expect(wake()).rejects.toThrow('away')
  services.usage.addRequests = addRequests
  count(id)
  await wake()
  expect(written).toMatchObject([[{ requests: 1 }]])
})
