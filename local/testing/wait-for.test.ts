import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'
import { waitFor } from './wait-for.ts'

test('gives back the first truthy value', async () => {
  let looks = 0
  expect(await waitFor(() => (++looks === 3 ? 'there' : undefined), { what: 'the third look' })).toBe('there')
  expect(looks).toBe(3)
})

test('an error counts as "not yet"', async () => {
  let looks = 0
  const condition = () => {
    looks += 1
    expect(looks).toBe(2)
    return true
  }
  await waitFor(condition, { what: 'the second look' })
})

test('a time-out tells what was awaited, and the last reason', async () => {
  await expect(waitFor(() => false, { what: 'a miracle', timeoutMs: 5, intervalMs: 1 })).rejects.toThrow(
    'Waited 5 ms in vain for a miracle',
  )
  const failing = () => {
    throw new Error('not connected')
  }
  await expect(waitFor(failing, { what: 'a row', timeoutMs: 5, intervalMs: 1 })).rejects.toThrow(
    'Waited 5 ms in vain for a row: not connected',
  )
})

test('a free port is a TCP port above the reserved ones', async () => {
  expect(await freePort()).toBeGreaterThan(1023)
})
