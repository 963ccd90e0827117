import { expect, it } from 'vitest'
import { afterWebhookAttempt } from './webhook-retry.ts'

const attempt = { status: 500, attempts: 0, retryAfterMs: undefined, random: 0.5 }

it.each([200, 201, 204, 299])('%i delivers', (status) => {
  expect(afterWebhookAttempt({ ...attempt, status })).toEqual({ verdict: 'delivered' })
})

it.each([301, 302, 307, 308, 400, 401, 404, 429, 500, 503, null])('%s is tried again', (status) => {
  expect(afterWebhookAttempt({ ...attempt, status }).verdict).toBe('retry')
})

it('410 gives up the endpoint', () => {
  expect(afterWebhookAttempt({ ...attempt, status: 410 })).toEqual({ verdict: 'endpoint-gone' })
})

it('waits 5 s, 30 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h, and then gives up', () => {
  const waits = Array.from({ length: 11 }, (_, attempts) => afterWebhookAttempt({ ...attempt, attempts }))
  expect(waits.map((verdict) => (verdict.verdict === 'retry' ? verdict.afterMs / 1_000 : verdict.verdict))).toEqual([
    5,
    30,
    300,
    1_800,
    7_200,
    18_000,
    36_000,
    50_400,
    72_000,
    86_400,
    'dead',
  ])
})

it('spreads the waits by 20% to both sides', () => {
  expect(afterWebhookAttempt({ ...attempt, random: 0 })).toEqual({ verdict: 'retry', afterMs: 4_000 })
  expect(afterWebhookAttempt({ ...attempt, random: 0.999_999 })).toEqual({ verdict: 'retry', afterMs: 6_000 })
})

it('waits longer when the endpoint asks for it, up to an hour, and never shorter', () => {
  expect(afterWebhookAttempt({ ...attempt, retryAfterMs: 60_000 })).toEqual({ verdict: 'retry', afterMs: 60_000 })
  expect(afterWebhookAttempt({ ...attempt, retryAfterMs: 86_400_000 })).toEqual({
    verdict: 'retry',
    afterMs: 3_600_000,
  })
  expect(afterWebhookAttempt({ ...attempt, retryAfterMs: 1 })).toEqual({ verdict: 'retry', afterMs: 5_000 })
})

it('counts no probe in the schedule, not even the last one of it', () => {
  const probe = { ...attempt, probeWaitMs: 30_000 }
  expect(afterWebhookAttempt(probe)).toEqual({ verdict: 'probe-failed', afterMs: 30_000 })
  expect(afterWebhookAttempt({ ...probe, attempts: 10 })).toEqual({ verdict: 'probe-failed', afterMs: 30_000 })
  expect(afterWebhookAttempt({ ...probe, retryAfterMs: 600_000 })).toMatchObject({ afterMs: 600_000 })
  expect(afterWebhookAttempt({ ...probe, status: 204 })).toEqual({ verdict: 'delivered' })
})
