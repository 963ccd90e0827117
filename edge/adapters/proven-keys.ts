import type { Redis } from '@upstash/redis/cloudflare'
import { LRUCache } from 'lru-cache'
import { z } from 'zod'
import { idSchema } from '#contracts/ids.ts'
import { limitOverridesSchema, planSchema } from '#contracts/plans.ts'
import type { ProvenKey, ProvenKeys } from '#core/ports/api-keys.ts'
import type { RedisDoor } from './redis-door.ts'

/** What an isolate remembers: the keys that were used last. */
export type ProvenKeyMemory = LRUCache<string, ProvenKey>

const rememberedKeys = 10_000
const rememberedSeconds = 3 * 24 * 60 * 60

const provenKeySchema = z.object({
  keyId: idSchema('apiKey'),
  customerId: idSchema('customer'),
  plan: planSchema,
  limitOverrides: limitOverridesSchema,
})

export function createProvenKeyMemory(): ProvenKeyMemory {
  return new LRUCache({ max: rememberedKeys })
}

/** Proofs in the isolate's memory, then in Redis for three days. */
export function createProvenKeys(memory: ProvenKeyMemory, redis: Redis, door: RedisDoor): ProvenKeys {
  const nameOf = (keySha256: string) => `proven-key:${keySha256}`
  return {
    peek: (keySha256) => memory.get(keySha256),

    async recall(keySha256) {
      const remembered = memory.get(keySha256)
      if (remembered !== undefined) return remembered
      const shared = await door.attempt(() => redis.get(nameOf(keySha256)))
      const { data } = provenKeySchema.safeParse(shared?.value)
      if (data !== undefined) memory.set(keySha256, data)
      return data
    },

    async remember(keySha256, proven) {
      memory.set(keySha256, proven)
      await door.attempt(() => redis.set(nameOf(keySha256), proven, { ex: rememberedSeconds }))
    },
  }
}
