import { expect, it } from 'vitest'
import { restsUntilAsked } from './resting-state.ts'

it.each([
  ['stopped', 'qr-expired'],
  ['stopped', 'pairing-failed'],
  ['logged_out', 'wa-logged-out'],
  ['failed', 'wa-stream-replaced'],
  ['failed', 'wa-repair-required'],
  ['failed', 'credentials-corrupt'],
  ['failed', 'passkey-required'],
] as const)('an instance that is %s because of %s waits for its customer', (state, reason) => {
  expect(restsUntilAsked(state, reason)).toBe(true)
})

it.each([
  ['created', null],
  ['connected', null],
  ['disconnected', 'wa-stream-replaced'],
  ['banned', 'wa-temporary-ban'],
  ['failed', 'wa-client-outdated'],
  ['stopped', 'stopped-by-customer'],
  ['logged_out', 'stopped-by-customer'],
  ['stopped', null],
] as const)('an instance that is wanted and %s because of %s starts', (state, reason) => {
  expect(restsUntilAsked(state, reason)).toBe(false)
})
