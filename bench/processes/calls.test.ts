import { spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { expect, test } from 'vitest'
import { connectCalls, type Channel } from './calls.ts'

/** Two ends of a channel, as a parent and its child have. */
function channelPair(): [Channel, Channel] {
  const [near, far] = [new EventEmitter(), new EventEmitter()]
  const end = (own: EventEmitter, other: EventEmitter): Channel => ({
    send: (message) => queueMicrotask(() => other.emit('message', message)),
    on: (event, listener) => own.on(event, listener),
  })
  return [end(near, far), end(far, near)]
}

interface Sums {
  add(a: number, b: number): Promise<number>
  fail(): Promise<void>
  forget(): Promise<void>
}

const sums = {
  add: async (a: number, b: number) => a + b,
  async fail() {
    throw new Error('out of numbers')
  },
  forget: () => new Promise(() => {}),
}

test('both sides call each other; answers find their calls', async () => {
  const [parent, child] = channelPair()
  const down = connectCalls<Sums>(parent, sums)
  const up = connectCalls<Sums>(child, sums)
  expect(await Promise.all([down.theirs.add(1, 2), down.theirs.add(3, 4), up.theirs.add(5, 6)])).toEqual([3, 7, 11])
})

test('an error of the other side is an error here', async () => {
  const [parent, child] = channelPair()
  connectCalls(child, sums)
  await expect(connectCalls<Sums>(parent, {}).theirs.fail()).rejects.toThrow('out of numbers')
})

test('a call that there is not is refused', async () => {
  const [parent, child] = channelPair()
  connectCalls(child, {})
  await expect(connectCalls<Sums>(parent, {}).theirs.fail()).rejects.toThrow('There is no call "fail".')
})

test('when the other side is gone, open and later calls fail', async () => {
  const [parent, child] = channelPair()
  connectCalls(child, sums)
  const { theirs, fail } = connectCalls<Sums>(parent, {})
  const open = theirs.forget()
  fail(new Error('It has ended.'))
  await expect(open).rejects.toThrow('It has ended.')
  await expect(theirs.add(1, 1)).rejects.toThrow('It has ended.')
})

test('a call over a channel that has just closed fails, and is no error of the process', async () => {
  const child = spawn(process.execPath, ['--eval', 'process.on("message", () => {})'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const errors: Error[] = []
  child.on('error', (error) => errors.push(error))
  const ended = once(child, 'exit')
  child.disconnect()
  const { theirs } = connectCalls<Sums>(child as Channel, {})
  await expect(theirs.add(1, 1)).rejects.toThrow(/channel/i)
  await ended
  expect(errors).toEqual([])
})
