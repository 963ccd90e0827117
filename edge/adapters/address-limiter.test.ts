import { expect, it } from 'vitest'
import { createAddressMemory, spareBanned } from './address-limiter.ts'

it('ten keys a minute are compared for a banned address, and all for others', () => {
  let now = 0
  const memory = createAddressMemory()
  memory.bans.set('192.0.2.1', 600_000)
  let compared = 0
  const hash = { hash: (keySha256: string) => keySha256, matches: () => ++compared > 0 }
  const banned = spareBanned(memory, '192.0.2.1', hash, () => now)
  const other = spareBanned(memory, '192.0.2.2', hash, () => now)

  for (let times = 0; times < 10; times++) expect(banned.matches('key', 'stored')).toBe(true)
  expect(() => banned.matches('key', 'stored')).toThrow(
    expect.objectContaining({ code: 'RATE_LIMIT_EXCEEDED', retryAfterSeconds: expect.any(Number) }),
  )
  expect(compared).toBe(10)
  for (let times = 0; times < 20; times++) other.matches('key', 'stored')
  expect(compared).toBe(30)
  now = 600_000
  expect(banned.matches('key', 'stored')).toBe(true)
})
