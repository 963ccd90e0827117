import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fireCrons } from './fire-crons.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('runs the jobs every minute, one run at a time, until it is stopped', async () => {
  let end = () => {}
  const runScheduled = vi.fn(() => new Promise<void>((resolve) => (end = resolve)))
  const crons = fireCrons({ runScheduled }, () => {})
  await vi.advanceTimersByTimeAsync(180_000)
  expect(runScheduled).toHaveBeenCalledTimes(1)
  end()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(runScheduled).toHaveBeenCalledTimes(2)
  let stopped = false
  const stopping = crons.stop().then(() => (stopped = true))
  await vi.advanceTimersByTimeAsync(0)
  expect(stopped).toBe(false)
  end()
  await stopping
  await vi.advanceTimersByTimeAsync(120_000)
  expect(runScheduled).toHaveBeenCalledTimes(2)
})

it('tells of a run that failed, and runs again', async () => {
  const lines: string[] = []
  const runScheduled = vi.fn(() => Promise.reject(new Error('no edge')))
  const crons = fireCrons({ runScheduled }, (line) => lines.push(line))
  await vi.advanceTimersByTimeAsync(120_000)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('no edge')
  await crons.stop()
})
