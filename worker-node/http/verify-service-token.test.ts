import { createHash, createHmac } from 'node:crypto'
import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { newId } from '#contracts/ids.ts'
import { serviceTokenType } from '#contracts/worker-protocol.ts'
import { createEdgeSigner, type EdgeSigner, type TokenRequest } from '#worker-node/testing/edge-tokens.ts'
import { createUsedTokens } from './used-tokens.ts'
import { verifyServiceToken, type ServiceRequest } from './verify-service-token.ts'

const serverId = newId('server')
const incarnation = 'run-1'
const now = new Date('2026-03-01T12:00:00Z')
const path = '/internal/instances/ins_1/qr'
const body = '{"epoch":1}'

let edge: EdgeSigner
let keyOf: JWTVerifyGetKey
let usedTokens = createUsedTokens()

beforeAll(async () => {
  edge = await createEdgeSigner()
  keyOf = createLocalJWKSet(edge.jwks)
})

beforeEach(() => {
  usedTokens = createUsedTokens()
})

function good(changes: Partial<TokenRequest> = {}): TokenRequest {
  return { serverId, incarnation, path, body, at: now, ...changes }
}

interface Circumstances extends Partial<ServiceRequest> {
  at?: Date
  /** The run that holds the lease; null for none. */
  held?: string | null
  keys?: JWTVerifyGetKey
}

async function verify(
  token: string | undefined,
  { at = now, held = incarnation, keys = keyOf, ...changes }: Circumstances = {},
): Promise<void> {
  const request: ServiceRequest = {
    method: 'POST',
    path,
    body: new TextEncoder().encode(body),
    authorization: token === undefined ? undefined : `Bearer ${token}`,
    ...changes,
  }
  await verifyServiceToken(
    { keyOf: keys, serverId, incarnation: () => held ?? undefined, clock: { now: () => at }, usedTokens },
    request,
  )
}

const refused = (promise: Promise<void>) => expect(promise).rejects.toMatchObject({ code: 'INVALID_SERVICE_TOKEN' })
const at = (seconds: number) => new Date(now.getTime() + seconds * 1_000)
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a service token', () => {
  it('of the edge lets its request pass', async () => {
    await expect(verify(await edge.token(good()))).resolves.toBeUndefined()
  })

  it('passes until its 30 seconds are over', async () => {
    await expect(verify(await edge.token(good()), { at: at(29) })).resolves.toBeUndefined()
    await refused(verify(await edge.token(good()), { at: at(31) }))
  })

  it('passes once', async () => {
    const token = await edge.token(good())
    await verify(token)
    await refused(verify(token))
  })

  it('is not used up by who alters its request on the way', async () => {
    const token = await edge.token(good())
    await refused(verify(token, { body: new TextEncoder().encode('{"epoch":2}') }))
    await expect(verify(token)).resolves.toBeUndefined()
  })

  it('is for one method, path and body', async () => {
    await refused(verify(await edge.token(good()), { method: 'GET' }))
    await refused(verify(await edge.token(good()), { path: '/internal/instances/ins_2/qr' }))
    await refused(verify(await edge.token(good()), { path: `${path}/` }))
    await refused(verify(await edge.token(good()), { body: new TextEncoder().encode(`${body} `) }))
  })

  it('for another worker is refused; for an earlier run of this one it says that the instance moved', async () => {
    await refused(verify(await edge.token(good({ serverId: newId('server') }))))
    await expect(verify(await edge.token(good({ incarnation: 'run-0' })))).rejects.toMatchObject({
      code: 'INSTANCE_MOVED',
      status: 401,
    })
  })

  it('cannot be accepted while no lease is held or no key of the edge was ever seen', async () => {
    await expect(verify(await edge.token(good()), { held: null })).rejects.toMatchObject({ status: 503 })
    const away: JWTVerifyGetKey = () => Promise.reject(new TypeError('fetch failed'))
    await expect(verify(await edge.token(good()), { keys: away })).rejects.toMatchObject({ status: 503 })
  })
})

describe('a forged service token is refused:', () => {
  it.each(['none', 'None', 'NONE', 'nOnE'])('alg %s', async (alg) => {
    const header = encode({ alg, typ: serviceTokenType, kid: edge.kid })
    await refused(verify(`${header}.${encode(edge.claims(good()))}.`))
    await refused(verify(`${header}.${encode(edge.claims(good()))}.AAAA`))
  })

  it.each(['HS256', 'HS512'])('%s with the public key as the secret', async (alg) => {
    const signed = `${encode({ alg, typ: serviceTokenType, kid: edge.kid })}.${encode(edge.claims(good()))}`
    const { x = '' } = edge.jwks.keys[0] as { x?: string }
    for (const key of [x, Buffer.from(x, 'base64url'), JSON.stringify(edge.jwks.keys[0])]) {
      const signature = createHmac(alg === 'HS256' ? 'sha256' : 'sha512', key)
        .update(signed)
        .digest('base64url')
      await refused(verify(`${signed}.${signature}`))
    }
  })

  it('signed by another key, under the known or an unknown key id', async () => {
    const stranger = await createEdgeSigner()
    await refused(verify(await stranger.token(good())))
    for (const kid of ['other', '../../etc/passwd', "' OR 1=1 --", '']) {
      await refused(verify(await stranger.token(good({ header: { kid } }))))
    }
  })

  it('that brings its own key', async () => {
    const stranger = await createEdgeSigner('stranger')
    const jwk = stranger.jwks.keys[0] as Record<string, string>
    const jku = 'http://127.0.0.1:1/jwks.json'
    for (const header of [{ jwk }, { jku }, { x5u: jku }, { jwk, kid: edge.kid }]) {
      await refused(verify(await stranger.token(good({ header }))))
    }
  })

  it('with another type or issuer', async () => {
    await refused(verify(await edge.token(good({ header: { typ: 'JWT' } }))))
    await refused(verify(await edge.token(good({ header: { typ: undefined } as never }))))
    await refused(verify(await edge.token(good({ claims: { iss: 'wharf-admin' } }))))
  })

  it('that lives longer than 30 seconds, is not valid yet, or lacks its times', async () => {
    const iat = Math.floor(now.getTime() / 1000)
    await refused(verify(await edge.token(good({ claims: { exp: iat + 3_600 } }))))
    await refused(verify(await edge.token(good({ claims: { exp: undefined } }))))
    await refused(verify(await edge.token(good({ claims: { iat: undefined } }))))
    await refused(verify(await edge.token(good({ claims: { iat: iat + 20, exp: iat + 40 } }))))
    await refused(verify(await edge.token(good({ claims: { iat: iat + 20, exp: iat + 10 } }))))
    await refused(verify(await edge.token(good({ claims: { nbf: iat + 60 } }))))
  })

  it.each(['jti', 'method', 'path', 'body_sha256'] as const)('without %s', async (claim) => {
    await refused(verify(await edge.token(good({ claims: { [claim]: undefined } }))))
  })

  it('with a list of audiences that names more than this run', async () => {
    const aud = String(edge.claims(good()).aud)
    await refused(verify(await edge.token(good({ claims: { aud: [aud, 'somebody else'] } }))))
  })

  it('that is none, cut, altered, or far too long', async () => {
    const token = await edge.token(good())
    const [header, , signature] = token.split('.')
    const altered = encode({ ...edge.claims(good()), method: 'GET' })
    for (const bad of ['', 'x', token.slice(0, -4), `${header}.${altered}.${signature}`, 'a'.repeat(65_536)]) {
      await refused(verify(bad))
    }
    await refused(verify(undefined))
    await refused(verify(undefined, { authorization: `Basic ${token}` }))
    await refused(verify(undefined, { authorization: `Bearer ${token} ${token}` }))
  })
})

describe('the memory of used tokens', () => {
  it('lasts longer than any token and does not grow for ever', () => {
    vi.useFakeTimers()
    try {
      const used = createUsedTokens()
      const id = createHash('sha256').update('a').digest('hex')
      expect(used.use(id)).toBe(true)
      vi.advanceTimersByTime(59_000)
      expect(used.use(id)).toBe(false)
      vi.advanceTimersByTime(2_000)
      expect(used.use(id)).toBe(true)
    } finally {
      vi.useRealTimers()
    }
  })
})
