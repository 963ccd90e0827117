import { expect, it } from 'vitest'
import { plans } from '#contracts/plans.ts'
import { haveSameLimits, limitsOf } from './limits-of.ts'

it("are the plan's where nothing else was agreed", () => {
  expect(limitsOf({ plan: 'pro', limitOverrides: {} })).toEqual(plans.pro)
})

it('are what was agreed, more, less, nothing and without limit', () => {
  const limitOverrides = { requests_per_minute: 301, requests_per_hour: 10, messages_per_day: null, instances: 0 }
  expect(limitsOf({ plan: 'pro', limitOverrides })).toEqual({
    requestsPerMinute: 301,
    requestsPerHour: 10,
    requestsPerDay: 50_000,
    messagesPerDay: null,
    instances: 0,
  })
  expect(limitsOf({ plan: 'enterprise', limitOverrides: { instances: 7 } })).toEqual({
    ...plans.enterprise,
    instances: 7,
  })
})

it('are the same however they were written', () => {
  const plain = { plan: 'pro', limitOverrides: {} } as const
  expect(haveSameLimits(plain, { plan: 'pro', limitOverrides: { instances: plans.pro.instances } })).toBe(true)
  expect(haveSameLimits(plain, { plan: 'pro', limitOverrides: { instances: null } })).toBe(false)
  expect(haveSameLimits(plain, { plan: 'business', limitOverrides: {} })).toBe(false)
})
