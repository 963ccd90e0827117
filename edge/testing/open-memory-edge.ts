import type { RateLimiter } from '#core/ports/rate-limiter.ts'
import type { WorkerAnswers } from '#core/testing/fake-worker-gateway.ts'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import { createAdminTokens } from '#edge/adapters/admin-tokens.ts'
import { createPairingLinks } from '#edge/adapters/pairing-links.ts'
import { bcryptKeyHash } from '#edge/adapters/key-hash.ts'
import { createUsageBuffer } from '#edge/adapters/usage-buffer.ts'
import { createApp } from '#edge/create-app.ts'
import type { EdgeServices } from '#edge/edge-env.ts'
import type { LogRecord } from '#edge/log.ts'
import { testConfig } from './test-config.ts'
import { testKeyHash, type TestEdge } from './test-edge.ts'

const unlimited: RateLimiter = { consume: async () => ({ allowed: true, window: undefined }) }

/** The edge's app with fakes for all its neighbours, which `services` may replace. */
export async function openMemoryEdge(services: Partial<EdgeServices> = {}): Promise<TestEdge> {
  const answers: WorkerAnswers = {}
  const log: LogRecord[] = []
  const { seed, ...memory } = createMemoryApp({ answers })
  const probes = { database: async () => true, redis: async () => true }
  const config = await testConfig()
  const app = createApp(config, {
    log: (record) => log.push(record),
    services: {
      ...memory,
      keyHash: { ...bcryptKeyHash, hash: testKeyHash },
      rateLimiter: unlimited,
      addressLimiter: { consume: async () => undefined },
      probes,
      // Written down at once.
      usageBuffer: createUsageBuffer({ sleep: async () => {} }),
      ...services,
    },
  })
  return {
    request: async (path, init) => app.request(`http://api.wharf.example${path}`, init),
    seed,
    workerUrl: 'https://worker.example',
    worker: { seen: memory.gateway.seen, answers },
    log,
    adminTokens: createAdminTokens(config.adminTokenKey, () => new Date()),
    pairingLinks: createPairingLinks(config.adminTokenKey, () => new Date()),
    close: async () => {},
  }
}
