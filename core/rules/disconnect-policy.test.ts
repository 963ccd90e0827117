import { describe, expect, it } from 'vitest'
import type { CloseCause } from '#core/ports/driver.ts'
import { afterDisconnect, replacedRetryMs, unknownBanRetryMs, type DisconnectVerdict } from './disconnect-policy.ts'

const fresh = { restarted: false, replaced: false }

describe('what a session does after its connection ended', () => {
  const table: [CloseCause['kind'], DisconnectVerdict][] = [
    ['restart-required', { state: 'connecting', reason: 'wa-restart-required', next: { step: 'reconnect-now' } }],
    ['connection-lost', backoff('wa-connection-lost')],
    ['closed-by-us', backoff('wa-connection-lost')],
    ['unavailable', backoff('wa-unavailable')],
    ['internal-error', backoff('internal-error')],
    [
      'replaced',
      {
        state: 'disconnected',
        reason: 'wa-stream-replaced',
        next: { step: 'reconnect-after', delayMs: replacedRetryMs },
      },
    ],
    [
      'temporary-ban',
      {
        state: 'banned',
        reason: 'wa-temporary-ban',
        next: { step: 'reconnect-after', delayMs: unknownBanRetryMs },
      },
    ],
    ['qr-expired', { state: 'stopped', reason: 'qr-expired', next: { step: 'rest' } }],
    ['pairing-failed', { state: 'stopped', reason: 'pairing-failed', next: { step: 'rest' } }],
    ['logged-out', { state: 'logged_out', reason: 'wa-logged-out', next: { step: 'rest' } }],
    ['client-outdated', { state: 'failed', reason: 'wa-client-outdated', next: { step: 'rest' } }],
    ['repair-required', { state: 'failed', reason: 'wa-repair-required', next: { step: 'rest' } }],
    ['passkey-required', { state: 'failed', reason: 'passkey-required', next: { step: 'rest' } }],
    ['credentials-corrupt', { state: 'failed', reason: 'credentials-corrupt', next: { step: 'rest' } }],
    ['fenced-out', { next: { step: 'end' } }],
  ]

  it.each(table)('%s', (kind, verdict) => {
    expect(afterDisconnect({ kind }, fresh)).toEqual(verdict)
  })

  it('waits for the end of a ban that WhatsApp told', () => {
    const until = new Date('2026-03-01T12:00:00Z')
    expect(afterDisconnect({ kind: 'temporary-ban', until }, fresh).next).toEqual({ step: 'reconnect-at', at: until })
  })

  it('does not answer a server that only ever says "restart" in a busy loop', () => {
    const { next } = afterDisconnect({ kind: 'restart-required' }, { ...fresh, restarted: true })
    expect(next).toEqual({ step: 'reconnect-after-backoff' })
  })

  it('gives up when the one try after being replaced was replaced as well', () => {
    expect(afterDisconnect({ kind: 'replaced' }, { ...fresh, replaced: true })).toEqual({
      state: 'failed',
      reason: 'wa-stream-replaced',
      next: { step: 'rest' },
    })
  })
})

function backoff(reason: 'wa-connection-lost' | 'wa-unavailable' | 'internal-error'): DisconnectVerdict {
  return { state: 'disconnected', reason, next: { step: 'reconnect-after-backoff' } }
}
