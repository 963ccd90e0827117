import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { cpuMsBetween, cpuMsOfEach } from './process-use.ts'

test('what a process used before it ended, or before it was there, never makes the sum less', () => {
  const before = new Map([
    [1, 100],
    [2, 900],
  ])
  const after = new Map([
    [1, 130],
    [3, 5],
  ])
  expect(cpuMsBetween(before, after)).toBe(35)
})

test('a process that works is seen to use its core; one that is not here is no number', async () => {
  const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const pid = child.pid ?? 0
  await once(child.stdout, 'data')
  const before = await cpuMsOfEach([pid])
  await expect.poll(async () => cpuMsBetween(before, await cpuMsOfEach([pid])), { timeout: 30_000 }).toBeGreaterThan(20)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(cpuMsBetween(new Map(), await cpuMsOfEach([pid]))).toBeNaN()
})
