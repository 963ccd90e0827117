import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { silentLog } from './log.ts'
import { startLoop } from './loop.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms)

describe('a loop', () => {
  it('runs at once and then every so often', async () => {
    const run = vi.fn(async () => {})
    const loop = startLoop({ name: 'test', intervalMs: 1_000, run, log: silentLog })
    await pass(3_500)
    expect(run).toHaveBeenCalledTimes(4)
    await loop.stop()
  })

  it('never runs twice at a time: hints during a turn make one more', async () => {
    const turns: (() => void)[] = []
    const run = vi.fn(() => new Promise<void>((resolve) => turns.push(resolve)))
    const loop = startLoop({ name: 'test', intervalMs: 1_000, run, log: silentLog })
    loop.hint()
    loop.hint()
    await pass(5_000)
    expect(run).toHaveBeenCalledTimes(1)
    turns[0]?.()
    await pass()
    expect(run).toHaveBeenCalledTimes(2)
    turns[1]?.()
    await pass()
    expect(run).toHaveBeenCalledTimes(2)
    await loop.stop()
  })

  it('goes on after a failure, and a failure that hints itself does not make it run hot', async () => {
    const run = vi.fn(() => {
      loop.hint()
      return Promise.reject(new Error('no'))
    })
    const loop = startLoop({ name: 'test', intervalMs: 1_000, run: () => pause().then(run), log: silentLog })
    await pass(3_500)
    expect(run.mock.calls.length).toBeLessThanOrEqual(4)
    await loop.stop()
  })

  it('stops after the turn that runs', async () => {
    let end = () => {}
    const run = vi.fn(() => new Promise<void>((resolve) => (end = resolve)))
    const loop = startLoop({ name: 'test', intervalMs: 1_000, run, log: silentLog })
    const stopped = loop.stop()
    loop.hint()
    end()
    await stopped
    await pass(5_000)
    expect(run).toHaveBeenCalledTimes(1)
  })
})

const pause = () => Promise.resolve()
