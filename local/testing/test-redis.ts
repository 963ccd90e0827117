import { Redis } from 'ioredis'
import type { LocalRedis } from '#local/redis/local-redis.ts'
import { startRedis } from '#local/redis/start-redis.ts'

export type TestRedisKind = LocalRedis['kind']

export interface TestRedis extends LocalRedis {
  /** Stops it; on a real Redis its database is emptied. May be called twice. */
  close: () => Promise<void>
}

/** The engines that a suite runs on: the one in memory, and the real Redis at TEST_REDIS_URL when that is set. */
export function testRedisKinds(): TestRedisKind[] {
  return process.env.TEST_REDIS_URL ? ['memory', 'redis'] : ['memory']
}

/** An empty Redis of its own behind the REST endpoint. */
export async function openTestRedis(kind: TestRedisKind): Promise<TestRedis> {
  if (kind === 'memory') {
    const redis = await startRedis()
    return { ...redis, close: redis.stop }
  }
  const server = process.env.TEST_REDIS_URL
  if (!server) throw new Error('TEST_REDIS_URL is not set, so there is no real Redis to test on.')
  const claim = await claimDatabase(server)
  const redis = await startRedis({ url: claim.url })
  return {
    ...redis,
    async close() {
      await redis.stop()
      await claim.giveBack()
    },
  }
}

const databasesOfRedis = 16

/**
 * Takes a numbered database above 0 that is empty and that nobody else is connected to. The claim is the connection itself,
 * so it ends with this process; of two claimants that meet, the one that connected first stays.
 */
async function claimDatabase(server: string): Promise<{ url: string; giveBack: () => Promise<void> }> {
  for (let number = 1; number < databasesOfRedis; number += 1) {
    const url = new URL(server)
    url.pathname = `/${number}`
    const connection = new Redis(url.href, { lazyConnect: true, maxRetriesPerRequest: 1, retryStrategy: () => null })
    let reason = ''
    connection.on('error', (error: Error) => (reason = error.message))
    try {
      await connection.connect()
    } catch (error) {
      throw new Error(`TEST_REDIS_URL cannot be used: ${reason || (error as Error).message}`, { cause: error })
    }
    if (await isOurs(connection, number)) {
      const giveBack = async () => {
        if (connection.status === 'end') return
        await connection.flushdb()
        connection.disconnect()
        await new Promise((resolve) => connection.once('end', resolve))
      }
      return { url: url.href, giveBack }
    }
    connection.disconnect()
  }
  throw new Error(`TEST_REDIS_URL has no free database: 1 to ${databasesOfRedis - 1} all hold keys or are in use.`)
}

async function isOurs(connection: Redis, number: number): Promise<boolean> {
  const id = await connection.client('ID')
  const clients = String(await connection.client('LIST')).split('\n')
  const ids = clients
    .filter((line) => line.includes(` db=${number} `))
    .map((line) => Number(/^id=(\d+)/.exec(line)?.[1]))
  return Math.min(...ids) === id && (await connection.dbsize()) === 0
}
