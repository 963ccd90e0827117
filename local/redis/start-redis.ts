import { randomBytes } from 'node:crypto'
import { createMemoryEngine } from './engine/memory-engine.ts'
import type { LocalRedis, LocalRedisOptions } from './local-redis.ts'
import { connectRealRedis } from './real-redis.ts'
import { startRestEndpoint } from './rest-endpoint.ts'

/** Starts Upstash's REST protocol in front of a small engine in memory, or of a real Redis by its address. */
export async function startRedis(options: LocalRedisOptions = {}): Promise<LocalRedis> {
  const { url, port = 0, token = randomBytes(24).toString('base64url'), log } = options
  const backend = url === undefined ? createMemoryEngine() : await connectRealRedis(url, log)
  try {
    const endpoint = await startRestEndpoint({ backend, token, port, log })
    return {
      kind: url === undefined ? 'memory' : 'redis',
      restUrl: `http://127.0.0.1:${endpoint.port}`,
      token,
      requests: endpoint.requests,
      async stop() {
        await endpoint.stop()
        await backend.close()
      },
    }
  } catch (error) {
    await backend.close()
    throw error
  }
}
