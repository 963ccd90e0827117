import { Secret, TOTP } from 'otpauth'
import type { Totp } from '#core/ports/totp.ts'

const issuer = 'Wharf'
const settings = { algorithm: 'SHA1', digits: 6, period: 30 } as const
const secretBytes = 20

/** RFC 6238 by the library otpauth, with the settings that every authenticator app understands. */
export const otpauthTotp: Totp = {
  newSecret: () => new Secret({ size: secretBytes }).base32,

  uri: (secret, email) => new TOTP({ ...settings, issuer, label: email, secret }).toString(),

  stepOf(secret, code, now) {
    const token = code.replaceAll(' ', '')
    if (!/^\d{6}$/.test(token)) return undefined
    const timestamp = now.getTime()
    // One step to each side: a phone's clock may be half a minute off (RFC 6238, section 5.2).
    const delta = new TOTP({ ...settings, secret }).validate({ token, timestamp, window: 1 })
    return delta === null ? undefined : Math.floor(timestamp / 1000 / settings.period) + delta
  },
}
