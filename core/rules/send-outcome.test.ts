import { expect, it } from 'vitest'
import { tooFastWaitMs } from './resend-wait.ts'
import { afterAttempt } from './send-outcome.ts'

it.each([
  [{ outcome: 'acked' }, { verdict: 'sent' }],
  [{ outcome: 'withdrawn' }, { verdict: 'ended' }],
  [{ outcome: 'not-on-whatsapp' }, { verdict: 'failed', failure: 'NOT_ON_WHATSAPP' }],
  [
    { outcome: 'invalid', detail: '' },
    { verdict: 'failed', failure: 'CONTENT_INVALID' },
  ],
  [
    { outcome: 'refused', code: 463 },
    { verdict: 'failed', failure: 'RECIPIENT_RESTRICTED' },
  ],
  [
    { outcome: 'refused', code: 479 },
    { verdict: 'failed', failure: 'REFUSED_BY_WHATSAPP' },
  ],
  [
    { outcome: 'refused', code: 429 },
    { verdict: 'again', afterMs: tooFastWaitMs },
  ],
] as const)('%o means %o', (outcome, verdict) => {
  expect(afterAttempt(outcome, 0)).toEqual(verdict)
})

it('sends what nobody confirmed again after 0, 5, 15, 60 and then every 300 seconds', () => {
  const waits = [0, 1, 2, 3, 4, 5, 50].map((unconfirmed) => afterAttempt({ outcome: 'unconfirmed' }, unconfirmed))
  expect(waits.map((verdict) => (verdict.verdict === 'again' ? verdict.afterMs / 1_000 : verdict))).toEqual([
    0, 5, 15, 60, 300, 300, 300,
  ])
})
