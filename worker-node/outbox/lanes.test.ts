import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createLanes, type Head } from './lanes.ts'

const instanceId = newId('instance')
const head = (chat: string): Head => ({ instanceId, chat, messageId: newId('message'), connects: 1 })

it('counts what is on its way', () => {
  const lanes = createLanes()
  const [one, two] = [head('1'), head('2')]
  for (const taken of [one, two]) lanes.take(taken)
  expect(lanes.inFlight(instanceId)).toBe(2)
  expect(lanes.busy()).toEqual([one.messageId, two.messageId])
  lanes.done(one)
  lanes.again(two, 1_000)
  expect(lanes.inFlight(instanceId)).toBe(0)
  expect(lanes.busy()).toEqual([])
  expect([lanes.isFree(one), lanes.isFree(two)]).toEqual([true, false])
})

it('remembers only so many waits, the latest, and every attempt that runs', () => {
  const lanes = createLanes({ remembered: 2 })
  const running = head('running')
  lanes.take(running)
  const waiting = ['1', '2', '3'].map(head)
  for (const one of waiting) {
    lanes.take(one)
    lanes.again(one, 60_000)
  }
  expect([running, ...waiting].map((one) => lanes.isFree(one))).toEqual([false, true, true, false])
})
