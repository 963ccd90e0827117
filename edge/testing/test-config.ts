import { exportJWK, generateKeyPair } from 'jose'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import type { EdgeConfig, ServiceTokenKey } from '#edge/config.ts'

export async function newServiceTokenKey(kid = 'test-key'): Promise<ServiceTokenKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { ...(await exportJWK(privateKey)), kid } as ServiceTokenKey
}

/** A configuration whose neighbours do not exist. */
export async function testConfig(): Promise<EdgeConfig> {
  return {
    version: 'test',
    databaseUrl: 'postgres://nobody:none@127.0.0.1:1/none',
    redis: { url: 'http://127.0.0.1:1', token: 'none' },
    webhookKeyRing: newKeyRingSpec(),
    serviceTokenKey: await newServiceTokenKey(),
  }
}
