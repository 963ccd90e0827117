import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, it } from 'vitest'
import { serviceTokenClaimsSchema, serviceTokenIssuer, serviceTokenType } from '#contracts/worker-protocol.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import { newSigningKey } from '#edge/testing/test-config.ts'
import { createServiceTokens } from './service-tokens.ts'

const request = { audience: 'srv_x/run-1', method: 'POST', path: '/internal/x', body: '{"epoch":1}' }

it('signs a token for one request that the published keys verify', async () => {
  const tokens = createServiceTokens(await newSigningKey('k7'))
  const token = await tokens.sign(request)
  const keys = createLocalJWKSet({ keys: tokens.publicKeys })
  const { payload } = await jwtVerify(token, keys, {
    issuer: serviceTokenIssuer,
    audience: request.audience,
    typ: serviceTokenType,
    algorithms: ['EdDSA'],
  })
  const claims = serviceTokenClaimsSchema.parse(payload)
  expect(claims).toMatchObject({ method: 'POST', path: '/internal/x', body_sha256: await sha256Hex('{"epoch":1}') })
  expect(claims.exp - claims.iat).toBe(30)
  expect(decodeProtectedHeader(token).kid).toBe('k7')
})

it('gives each token an id of its own', async () => {
  const tokens = createServiceTokens(await newSigningKey())
  const [one, two] = await Promise.all([tokens.sign(request), tokens.sign(request)])
  expect(one).not.toBe(two)
})

it('publishes nothing of the private half', async () => {
  const key = await newSigningKey()
  const published = createServiceTokens(key).publicKeys
  expect(JSON.stringify(published)).not.toContain(key.d)
  expect(published).toEqual([{ kty: 'OKP', crv: 'Ed25519', x: key.x, kid: key.kid, alg: 'EdDSA', use: 'sig' }])
})
