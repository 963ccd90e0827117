import { describe, expect, it } from 'vitest'
import { otpauthTotp } from './totp.ts'

/** RFC 6238, appendix B: the secret `12345678901234567890` in base32, and the last six of its eight digits. */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const at = (seconds: number) => new Date(seconds * 1000)

describe('one-time passwords', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('are those of RFC 6238 at second %d', (seconds, code) => {
    expect(otpauthTotp.stepOf(rfcSecret, code, at(seconds))).toBe(Math.floor(seconds / 30))
  })

  it('of the step before and after are taken for what they are, older and newer ones are not', () => {
    const step = Math.floor(1_111_111_109 / 30)
    const taken = [-2, -1, 0, 1, 2].map((offset) =>
      otpauthTotp.stepOf(rfcSecret, '081804', at(1_111_111_109 + offset * 30)),
    )
    expect(taken).toEqual([undefined, step, step, step, undefined])
  })

  it.each(['', '12345', '1234567', 'abcdef', '-12345', '１２３４５６'])('are not "%s"', (code) => {
    expect(otpauthTotp.stepOf(rfcSecret, code, at(59))).toBeUndefined()
  })

  it('come of secrets of 160 bits that an app can scan', () => {
    const secret = otpauthTotp.newSecret()
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    const uri = new URL(otpauthTotp.uri(secret, 'ana@example.com'))
    expect([uri.protocol, uri.host, uri.searchParams.get('secret')]).toEqual(['otpauth:', 'totp', secret])
  })
})
