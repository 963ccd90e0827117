import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'

const entry = fileURLToPath(new URL('../testing/blocked-process.ts', import.meta.url))

function start(limitMs: number): ChildProcess {
  return fork(entry, [String(limitMs)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
}

it('a process whose event loop stands still is killed, and says why', async () => {
  const child = start(1_000)
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += String(chunk)))
  await once(child, 'message')
  const ended = once(child, 'close')
  child.send('block')
  expect(await ended).toEqual([null, 'SIGKILL'])
  expect(JSON.parse(printed)).toMatchObject({ message: 'The event loop stands still: the worker ends.' })
})

it('one that works, or that was stopped as a whole and goes on, is left alone', async () => {
  const child = start(1_000)
  await once(child, 'message')
  const ended = once(child, 'close')
  child.kill('SIGSTOP')
  await delay(1_500)
  child.kill('SIGCONT')
  await delay(1_500)
  expect(child.signalCode).toBeNull()
  child.send('end')
  expect(await ended).toEqual([0, null])
})
