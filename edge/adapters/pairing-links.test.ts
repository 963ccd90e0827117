import { importJWK, SignJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { newId } from '#contracts/ids.ts'
import type { PairingLinks } from '#core/ports/pairing-links.ts'
import type { SigningKey } from '#edge/config.ts'
import { newSigningKey } from '#edge/testing/test-config.ts'
import { createAdminTokens } from './admin-tokens.ts'
import { createPairingLinks } from './pairing-links.ts'

const now = new Date('2026-03-01T12:00:00Z')
const seconds = now.getTime() / 1000
const claims = {
  customerId: newId('customer'),
  instanceId: newId('instance'),
  expiresAt: new Date('2026-03-02T12:00:00Z'),
}
let key: SigningKey
let links: PairingLinks
beforeAll(async () => {
  key = await newSigningKey('admin-key')
  links = createPairingLinks(key, () => now)
})

it('reads what it signed, until it expires', async () => {
  const token = await links.sign(claims)
  const at = (moment: number) => createPairingLinks(key, () => new Date(moment)).verify(token)
  expect(await links.verify(token)).toEqual(claims)
  expect(await at(claims.expiresAt.getTime() - 1_000)).toEqual(claims)
  expect(await at(claims.expiresAt.getTime())).toBeUndefined()
})

it('is no access token of an admin, nor the other way round, though one key signs both', async () => {
  const admins = createAdminTokens(key, () => now)
  expect(await admins.verify(await links.sign(claims))).toBeUndefined()
  const access = await admins.sign({ adminId: newId('admin'), sessionId: newId('adminSession') })
  expect(await links.verify(access)).toBeUndefined()
})

it.each([
  ['another type', { typ: 'at+jwt' }, {}],
  ['no customer', {}, { customer: undefined }],
  ['a customer that is none', {}, { customer: newId('instance') }],
  ['a subject of another kind', {}, { sub: newId('customer') }],
  ['more than a week', {}, { iat: seconds - 8 * 86_400 }],
])('refuses a link with %s', async (_what, header, changes) => {
  const payload = {
    sub: claims.instanceId,
    customer: claims.customerId,
    iss: 'wharf-pairing',
    aud: 'wharf-pairing-page',
    iat: seconds,
    exp: seconds + 3_600,
  }
  const sign = async (head: object, body: object) =>
    new SignJWT({ ...payload, ...body })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'pairing+jwt', kid: key.kid, ...head })
      .sign(await importJWK(key, 'EdDSA'))
  expect(await links.verify(await sign({}, {}))).toMatchObject({ instanceId: claims.instanceId })
  expect(await links.verify(await sign(header, changes))).toBeUndefined()
})
