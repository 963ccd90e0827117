import type { Redis } from '@upstash/redis/cloudflare'
import { sql } from 'drizzle-orm'
import type { EdgeDatabase } from '#db/clients/neon-http.ts'
import type { Probes } from '#edge/edge-env.ts'

/** Each request is bounded by its client's own time-out. */
export function createProbes(database: EdgeDatabase, redis: Redis): Probes {
  return {
    database: () => answers(() => database.execute(sql`SELECT 1`)),
    redis: () => answers(() => redis.ping()),
  }
}

async function answers(ask: () => PromiseLike<unknown>): Promise<boolean> {
  try {
    await ask()
    return true
  } catch {
    return false
  }
}
