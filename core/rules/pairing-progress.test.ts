import { expect, it } from 'vitest'
import { pairingEnd, readTold, toldId } from './pairing-progress.ts'

it.each([
  ['connected', 'running', false, 'paired'],
  ['connected', 'running', true, 'paired'],
  ['pairing', 'running', false, undefined],
  ['pairing', 'stopped', false, 'stopped'],
  ['disconnected', 'running', false, undefined],
  ['failed', 'running', false, 'failed'],
  ['failed', 'running', true, undefined],
  ['banned', 'running', false, 'failed'],
  ['stopped', 'running', true, undefined],
] as const)('%s, wanted %s, may start %s: ends %s', (state, desired, mayStart, end) => {
  expect(pairingEnd({ state, desired }, { mayStart })).toBe(end)
})

it('reads what was told from its own ids, and nothing from others', () => {
  const told = { state: 'pairing-2026-01-31T12:00:00.000Z', qr: '2026-01-31T12:00:20.000Z' }
  expect(readTold(toldId(told))).toEqual(told)
  for (const id of [undefined, '', 'nonsense', 'a/b/c', '/../']) expect(readTold(id)).toEqual({ state: '', qr: '' })
})
