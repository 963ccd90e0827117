import { describe, expect, it } from 'vitest'
import { afterDisconnect, replacedRetryMs, unknownBanRetryMs } from '#core/rules/disconnect-policy.ts'
import { afterAttempt } from '#core/rules/send-outcome.ts'
import { causeOfDisconnect } from './close-cause.ts'

const now = new Date('2026-11-23T03:00:00Z')
const fresh = { restarted: false, replaced: false }

/** What becomes of a session whose connection Baileys closed with this code. */
function verdictOn(statusCode: number, { data, before = fresh }: { data?: object; before?: typeof fresh } = {}) {
  const error = Object.assign(new Error('Connection Failure'), { output: { statusCode }, data })
  return afterDisconnect(causeOfDisconnect(error, now), before)
}

const backoff = { state: 'disconnected', next: { step: 'reconnect-after-backoff' } }
const rest = (state: string, reason: string) => ({ state, reason, next: { step: 'rest' } })

describe("what WhatsApp's codes mean for a session", () => {
  it.each([
    [515, { state: 'connecting', reason: 'wa-restart-required', next: { step: 'reconnect-now' } }],
    [428, { ...backoff, reason: 'wa-connection-lost' }],
    [408, { ...backoff, reason: 'wa-connection-lost' }],
    [500, { ...backoff, reason: 'wa-unavailable' }],
    [501, { ...backoff, reason: 'wa-unavailable' }],
    [503, { ...backoff, reason: 'wa-unavailable' }],
    [440, { reason: 'wa-stream-replaced', next: { step: 'reconnect-after', delayMs: replacedRetryMs } }],
    [401, rest('logged_out', 'wa-logged-out')],
    [403, rest('logged_out', 'wa-logged-out')],
    [406, rest('logged_out', 'wa-logged-out')],
    [402, { state: 'banned', next: { step: 'reconnect-after', delayMs: unknownBanRetryMs } }],
    [405, rest('failed', 'wa-client-outdated')],
    [409, rest('failed', 'wa-client-outdated')],
    [411, rest('failed', 'wa-repair-required')],
    // What nobody has seen yet is no reason to stop, nor to forget credentials.
    [599, { ...backoff, reason: 'wa-unavailable' }],
  ])('%i', (code, verdict) => {
    expect(verdictOn(code)).toMatchObject(verdict)
  })

  it('402 lasts as long as WhatsApp says', () => {
    const at = new Date(now.getTime() + 7_200_000)
    expect(verdictOn(402, { data: { expire: '7200' } })).toMatchObject({ next: { step: 'reconnect-at', at } })
  })

  it('440 again is not answered by a third try', () => {
    expect(verdictOn(440, { before: { ...fresh, replaced: true } })).toEqual(rest('failed', 'wa-stream-replaced'))
  })

  it('515 again and again is not answered in a busy loop', () => {
    expect(verdictOn(515, { before: { ...fresh, restarted: true } })).toMatchObject({
      next: { step: 'reconnect-after-backoff' },
    })
  })

  it('408 of a device that nobody linked is the end of its QR codes', () => {
    // The driver counts the codes itself, and closes with this kind.
    expect(afterDisconnect({ kind: 'qr-expired' }, fresh)).toEqual(rest('stopped', 'qr-expired'))
  })
})

describe("what the codes of WhatsApp's acks mean for a message", () => {
  it('463 is final: the contact may not be written to', () => {
    expect(afterAttempt({ outcome: 'refused', code: 463 }, 0)).toEqual({
      verdict: 'failed',
      failure: 'RECIPIENT_RESTRICTED',
    })
  })

  it('429 is tried again, later', () => {
    expect(afterAttempt({ outcome: 'refused', code: 429 }, 0)).toMatchObject({ verdict: 'again' })
  })
})
