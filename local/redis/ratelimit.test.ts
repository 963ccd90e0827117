import { Ratelimit } from '@upstash/ratelimit'
import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestRedis, testRedisKinds, type TestRedis } from '#local/testing/test-redis.ts'

const limit = 20
const calls = 50

describe.each(testRedisKinds())('@upstash/ratelimit on %s', (kind) => {
  let local: TestRedis
  let redis: Redis

  beforeAll(async () => {
    local = await openTestRedis(kind)
    redis = new Redis({ url: local.restUrl, token: local.token, retry: false })
  })
  afterAll(() => local.close())

  test.each([
    ['fixed window', Ratelimit.fixedWindow(limit, '1 d')],
    ['sliding window', Ratelimit.slidingWindow(limit, '20 d')],
    ['token bucket', Ratelimit.tokenBucket(limit, '1 d', limit)],
  ])('a %s lets exactly so many of parallel calls through', async (name, limiter) => {
    const ratelimit = new Ratelimit({ redis, limiter, prefix: `test:${name}`, ephemeralCache: false, timeout: 0 })
    const answers = await Promise.all(Array.from({ length: calls }, () => ratelimit.limit('customer')))
    expect(answers.filter(({ success }) => success)).toHaveLength(limit)
    expect((await ratelimit.limit('customer')).success).toBe(false)
    expect((await ratelimit.limit('another')).success).toBe(true)
    expect((await ratelimit.getRemaining('customer')).remaining).toBe(0)
    await ratelimit.resetUsedTokens('customer')
    expect((await ratelimit.limit('customer')).success).toBe(true)
  })
})
