import { expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { createHeldRequests, heldPlaceExpiresAfterMs } from './held-requests.ts'

const customer = newId('customer')

it('gives each customer so many places, and a place that was left to the next', () => {
  const held = createHeldRequests({ most: 2 })
  const leave = held.enter(customer)
  expect(held.enter(customer)).toBeDefined()
  expect(held.enter(customer)).toBeUndefined()
  expect(held.enter(newId('customer'))).toBeDefined()
  leave?.()
  leave?.()
  expect(held.enter(customer)).toBeDefined()
  expect(held.enter(customer)).toBeUndefined()
})

it('takes a place back that nobody left', () => {
  let now = 0
  const held = createHeldRequests({ most: 1, now: () => now })
  const forgotten = held.enter(customer)
  now = heldPlaceExpiresAfterMs - 1
  expect(held.enter(customer)).toBeUndefined()
  now = heldPlaceExpiresAfterMs
  const leave = held.enter(customer)
  expect(leave).toBeDefined()
  // Leaving late frees nobody else's place.
  forgotten?.()
  expect(held.enter(customer)).toBeUndefined()
})
