import { expect, test } from 'vitest'
import { changesOf, conflictsOf, partsOf } from '#dashboard/lib/edit-texts.ts'

const opened = { name: 'shop', plan: 'basic', 'limits.day': '', 'limits.hour': '5' }
const nobody = () => false

test('what the person left alone is no change, and what the person gives up neither', () => {
  const mine = { ...opened, name: 'store', plan: 'pro' }
  expect(changesOf(opened, mine, nobody)).toEqual({ name: 'store', plan: 'pro' })
  expect(changesOf(opened, mine, (name) => name === 'plan')).toEqual({ name: 'store' })
})

test('a conflict is a field that both changed to different texts', () => {
  const changes = { name: 'store', plan: 'pro' }
  expect(conflictsOf(opened, { ...opened, 'limits.day': '8' }, changes)).toEqual([])
  expect(conflictsOf(opened, { ...opened, name: 'store' }, changes)).toEqual([])
  const now = { ...opened, name: 'kiosk' }
  expect(conflictsOf(opened, now, changes)).toEqual([{ name: 'name', theirs: 'kiosk', mine: 'store' }])
  // Once seen it is none any more, until it changes again.
  expect(conflictsOf(now, now, changes)).toEqual([])
  expect(conflictsOf(now, { ...now, name: 'stand' }, changes)).toHaveLength(1)
})

test('a part of the body is sent whole when one of its fields was changed, and not at all otherwise', () => {
  const body = { name: 'store', plan: 'basic', limits: { day: 8, hour: 5 } }
  expect(partsOf(body, { 'limits.day': '8' })).toEqual({ limits: { day: 8, hour: 5 } })
  expect(partsOf(body, {})).toEqual({})
})
