import { exportJWK, generateKeyPair } from 'jose'
import { newKeyRingSpec } from '#db/crypto/key-ring.ts'
import type { EdgeConfig, SigningKey } from '#edge/config.ts'

export async function newSigningKey(kid = 'test-key'): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { ...(await exportJWK(privateKey)), kid } as SigningKey
}

/** Where the dashboard's pages come from in tests. */
export const testDashboard = 'https://app.wharf.example'

/** A configuration whose neighbours do not exist. */
export async function testConfig(): Promise<EdgeConfig> {
  return {
    version: 'test',
    databaseUrl: 'postgres://nobody:none@127.0.0.1:1/none',
    redis: { url: 'http://127.0.0.1:1', token: 'none' },
    webhookKeyRing: newKeyRingSpec(),
    serviceTokenKey: await newSigningKey(),
    adminTokenKey: await newSigningKey('admin-key'),
    adminKeyRing: newKeyRingSpec(),
    alertWebhook: undefined,
    dashboardOrigin: testDashboard,
  }
}
