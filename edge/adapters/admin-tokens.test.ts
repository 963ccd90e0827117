import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, type JWTHeaderParameters } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { AdminTokens } from '#core/ports/admin-tokens.ts'
import type { SigningKey } from '#edge/config.ts'
import { newSigningKey } from '#edge/testing/test-config.ts'
import { createAdminTokens } from './admin-tokens.ts'

const now = new Date('2026-03-01T12:00:00Z')
const seconds = now.getTime() / 1000
const claims = { adminId: newId('admin'), sessionId: newId('adminSession') }
const payload = {
  sub: claims.adminId,
  sid: claims.sessionId,
  iss: 'wharf-admin',
  aud: 'wharf-admin-api',
  iat: seconds,
  exp: seconds + 900,
}
let key: SigningKey
let tokens: AdminTokens

beforeAll(async () => {
  key = await newSigningKey('admin-key')
  tokens = createAdminTokens(key, () => now)
})

const encode = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** As this service signs, with changes. */
async function forge(changes: object = {}, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
  const token = new SignJWT({ ...payload, ...changes })
  return token
    .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, ...header })
    .sign(await importJWK(key, 'EdDSA'))
}

it('reads what it signed, for fifteen minutes', async () => {
  const token = await tokens.sign(claims)
  expect(await tokens.verify(token)).toEqual(claims)
  expect(await tokens.verify(await forge())).toEqual(claims)
  const later = (ms: number) => createAdminTokens(key, () => new Date(now.getTime() + ms))
  expect(await later(899_000).verify(token)).toEqual(claims)
  expect(await later(900_000).verify(token)).toBeUndefined()
})

describe('refuses a token', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('without a signature, alg %s', async (alg) => {
    const head = encode({ alg, typ: 'at+jwt', kid: key.kid })
    for (const end of ['', '.', '.AAAA'])
      expect(await tokens.verify(`${head}.${encode(payload)}${end}`)).toBeUndefined()
  })

  it('signed with the public key as an HMAC secret', async () => {
    const publicJwk = { ...key, d: undefined }
    const publicKey = await importJWK(publicJwk, 'EdDSA', { extractable: true })
    const spki = await exportSPKI(publicKey as Parameters<typeof exportSPKI>[0])
    const secrets = [key.x, JSON.stringify(publicJwk), spki]
    for (const secret of secrets) {
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', kid: key.kid })
        .sign(new TextEncoder().encode(secret.padEnd(32, '0')))
      expect(await tokens.verify(token)).toBeUndefined()
    }
  })

  it('of another key, also when it brings that key along', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
    const jwk = await exportJWK(publicKey)
    for (const header of [{}, { jwk }, { jku: 'https://evil.example/jwks' }, { x5u: 'https://evil.example/x5u' }]) {
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: key.kid, ...header })
        .sign(privateKey)
      expect(await tokens.verify(token)).toBeUndefined()
    }
  })

  it.each([
    ['another issuer', { iss: 'wharf-edge' }],
    ['another audience', { aud: 'wharf-worker' }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['no beginning', { iat: undefined }],
    ['an end beyond its time', { iat: seconds - 3_600, exp: seconds + 900 }],
    ['a time to come', { nbf: seconds + 60 }],
    ['no session', { sid: undefined }],
    ['a session that is none', { sid: ['ses_1'] }],
    ['a subject of another kind', { sub: newId('customer') }],
  ])('with %s', async (_what, changes) => {
    expect(await tokens.verify(await forge(changes))).toBeUndefined()
  })

  it.each([
    ['another type', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['an unknown key id', { kid: 'other' }],
    ['a key id that is a path', { kid: '../../keys/admin-key' }],
    ['a key id that is SQL', { kid: "admin-key' OR '1'='1" }],
    ['no key id', { kid: undefined }],
  ])('with %s', async (_what, header) => {
    const token = await forge({}, header as Partial<JWTHeaderParameters>).catch(() => 'not even signed')
    expect(await tokens.verify(token)).toBeUndefined()
  })

  it('whose claims were changed or doubled after signing, or that has 64 KB', async () => {
    const [head, , signature] = (await tokens.sign(claims)).split('.')
    const doubled = btoa(`{"sub":"${newId('admin')}",${JSON.stringify(payload).slice(1)}`).replaceAll('=', '')
    for (const body of [encode({ ...payload, sub: newId('admin') }), doubled]) {
      expect(await tokens.verify(`${head}.${body}.${signature}`)).toBeUndefined()
    }
    expect(await tokens.verify(await forge({ filler: 'x'.repeat(64 * 1024) }))).toBeUndefined()
  })
})
