import type { WorkerWorld } from './worker-world.ts'

/** Environment of a worker process of this world, with the local stack's entry file. */
export function workerEnvironment({ config, simulator }: WorkerWorld): Record<string, string> {
  const { url, rootPublicKey } = simulator
  return {
    DATABASE_URL: config.databaseUrl,
    SERVER_ID: config.serverId,
    EDGE_JWKS_URL: config.edgeJwksUrl,
    SESSION_KEY_RING: config.sessionKeyRing,
    WEBHOOK_KEY_RING: config.webhookKeyRing,
    PORT: '0',
    DATA_DIR: config.dataDir,
    WHARF_LOCAL_WHATSAPP: JSON.stringify({ url, rootPublicKey: Buffer.from(rootPublicKey).toString('base64') }),
  }
}
