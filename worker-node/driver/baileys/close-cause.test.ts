import { describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { CredentialsCorrupt } from '#core/ports/session-keys.ts'
import { FencedOut } from '#core/ports/session-leases.ts'
import { causeOfBrokenStore } from '#worker-node/driver/broken-store.ts'
import { causeOfDisconnect, causeOfRefusedUpgrade } from './close-cause.ts'

const now = new Date('2026-11-23T03:00:00Z')

function coded(statusCode: number, data?: unknown): Error {
  return Object.assign(new Error('Connection Failure'), { output: { statusCode }, data })
}

describe('why a connection ended', () => {
  it.each([
    [401, 'logged-out'],
    [402, 'temporary-ban'],
    [403, 'logged-out'],
    [405, 'client-outdated'],
    [406, 'logged-out'],
    [408, 'connection-lost'],
    [409, 'client-outdated'],
    [411, 'repair-required'],
    [428, 'connection-lost'],
    [440, 'replaced'],
    [500, 'unavailable'],
    [501, 'unavailable'],
    [503, 'unavailable'],
    [515, 'restart-required'],
    [999, 'unavailable'],
  ])('%i is %s', (code, kind) => {
    expect(causeOfDisconnect(coded(code), now)).toMatchObject({ kind, code })
  })

  it('of a ban tells its end, when WhatsApp did', () => {
    const until = new Date(now.getTime() + 3_600_000)
    expect(causeOfDisconnect(coded(402, { reason: '402', expire: '3600' }), now).until).toEqual(until)
    for (const expire of [undefined, 'soon', '-5']) {
      expect(causeOfDisconnect(coded(402, { expire }), now)).not.toHaveProperty('until')
    }
  })

  it('is not what a proxy says with the same numbers', () => {
    for (const code of [401, 402, 403]) {
      const refused = coded(code, new Error(`Unexpected server response: ${code}`))
      expect(causeOfDisconnect(refused, now).kind).toBe('connection-lost')
      expect(causeOfRefusedUpgrade(code).kind).toBe('connection-lost')
    }
    expect(causeOfDisconnect(coded(500, new Error('odd')), now).kind).toBe('unavailable')
    expect(causeOfRefusedUpgrade(503).kind).toBe('unavailable')
  })

  it('is internal when Baileys fell over', () => {
    expect(causeOfDisconnect(new TypeError('x'), now).kind).toBe('internal-error')
    expect(causeOfDisconnect(undefined, now).kind).toBe('internal-error')
  })

  it('tells a lost fence and broken credentials from other store errors', () => {
    const instanceId = newId('instance')
    const lost = new FencedOut({ instanceId, epoch: 1, incarnation: 'x' })
    expect(causeOfBrokenStore(lost).kind).toBe('fenced-out')
    expect(causeOfBrokenStore(new CredentialsCorrupt(instanceId, 'key')).kind).toBe('credentials-corrupt')
    expect(causeOfBrokenStore(new Error('database away')).kind).toBe('internal-error')
  })
})
