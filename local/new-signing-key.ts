import { randomBytes } from 'node:crypto'
import { exportJWK, generateKeyPair } from 'jose'

/** A fresh private key that signs tokens, as a JWK; its id is `<name>-<random>`. */
export async function newSigningKey(name: string): Promise<Record<string, unknown>> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { ...(await exportJWK(privateKey)), kid: `${name}-${randomBytes(4).toString('hex')}`, alg: 'EdDSA' }
}
