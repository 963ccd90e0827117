import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Worker } from './assemble-worker.ts'
import { runUntilSignal } from './run-until-signal.ts'

afterEach(() => vi.restoreAllMocks())

function fakeWorker(changes: Partial<Worker> = {}): Worker {
  return {
    start: async () => {},
    stop: async () => {},
    abort: () => {},
    url: () => undefined,
    metricsUrl: () => undefined,
    ...changes,
  }
}

/** Runs the worker without leaving its signal handlers on this process; returns the way to send it a signal. */
function run(worker: Worker): { running: Promise<void>; signal: (name: 'SIGTERM' | 'SIGINT') => void } {
  const handlers = new Map<string | symbol, () => void>()
  vi.spyOn(process, 'on').mockImplementation((name: string | symbol, handler: () => void) => {
    handlers.set(name, handler)
    return process
  })
  return { running: runUntilSignal(worker), signal: (name) => handlers.get(name)?.() }
}

describe('a worker process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops gracefully on %s', async (name) => {
    const stop = vi.fn(async () => {})
    const { running, signal } = run(fakeWorker({ stop }))
    signal(name)
    await running
    expect(stop).toHaveBeenCalledTimes(1)
  })

  it('ends at once on a second signal', () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    const { signal } = run(fakeWorker({ stop: () => new Promise(() => {}) }))
    signal('SIGINT')
    expect(exit).not.toHaveBeenCalled()
    signal('SIGINT')
    expect(exit).toHaveBeenCalledWith(1)
  })

  it('closes what it opened when it cannot start', async () => {
    const stop = vi.fn(async () => {})
    const { running } = run(fakeWorker({ start: () => Promise.reject(new Error('port taken')), stop }))
    await expect(running).rejects.toThrow('port taken')
    expect(stop).toHaveBeenCalled()
  })
})
