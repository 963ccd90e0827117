import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openTestRedis, testRedisKinds, type TestRedis } from '#local/testing/test-redis.ts'

const key = fc.constantFrom('a', 'b', 'c')
/** No whole numbers beyond 2^53: the engine in memory refuses to count with those. */
const value = fc.constantFrom('1', '-7', 'text', '', '1.5', 'OK', 'Grüße')
const number = fc.constantFrom('0', '1', '-2', '100', 'x', '1e3', '')
const member = fc.constantFrom('m', 'n', 'o')
const bound = fc.constantFrom('-inf', '+inf', '0', '(1', '1.5', 'x')
const words = (...parts: (string | fc.Arbitrary<string>)[]) =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
const some = (...options: string[]) => fc.subarray(options).map((chosen) => chosen.join(' '))

/** Expiry times are far away, so that the two clocks cannot make a difference. */
const command = fc
  .oneof(
    words('set', key, value, some('nx', 'xx', 'get', 'keepttl', 'ex 100')),
    words(fc.constantFrom('get', 'incr', 'decr', 'strlen', 'getdel', 'ttl', 'persist', 'type', 'exists', 'del'), key),
    words(fc.constantFrom('incrby', 'decrby', 'setnx', 'getset', 'expire'), key, number),
    words('expire', key, '1000', fc.constantFrom('nx', 'xx', 'gt', 'lt', 'zz')),
    words('setex', key, number, value),
    words('mget', key, key),
    words('mset', key, value, key),
    words('hset', key, member, value, member, value),
    words(
      fc.constantFrom('hget', 'hdel', 'hexists', 'sismember', 'srem', 'zscore', 'zrem', 'sadd', 'hsetnx'),
      key,
      member,
    ),
    words('hincrby', key, member, number),
    words('hmget', key, member, member),
    words(fc.constantFrom('hlen', 'hgetall', 'hkeys', 'hvals', 'scard', 'smembers', 'zcard'), key),
    words('sadd', key, member, member),
    words('zadd', key, some('nx', 'xx', 'gt', 'lt', 'ch', 'incr'), number, member),
    words('zincrby', key, number, member),
    words('zcount', key, bound, bound),
    words('zrange', key, number, number, some('rev', 'withscores')),
    words('zrange', key, bound, bound, 'byscore', some('rev', 'withscores', 'limit 0 1')),
    words('zremrangebyscore', key, bound, bound),
    words(
      'keys',
      fc.constantFrom('*', '[ab]', '[^a]', '?', 'a*', String.raw`\a`, '[a-b]', '[b-a]', String.raw`[\]a]`, '[', '[-a]'),
    ),
    words('dbsize'),
  )
  .map((parts) => parts.flatMap((part, index) => (index > 1 && part.includes(' ') ? part.split(' ') : [part])))
  .map((parts) => parts.filter((part, index) => part !== '' || index < 2))

const unordered = new Set(['keys', 'smembers', 'hgetall', 'hkeys', 'hvals'])

/** Of two mistakes in one command each side may name another; that it is refused is what counts. */
async function answers({ restUrl, token }: TestRedis, commands: string[][]): Promise<unknown[]> {
  const body = JSON.stringify([['FLUSHDB'], ...commands])
  const response = await fetch(`${restUrl}/pipeline`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
  })
  const items = (await response.json()) as { result?: unknown; error?: string }[]
  return items.slice(1).map(({ result, error }, index) => {
    const isUnordered = unordered.has(commands[index]?.[0] ?? '')
    if (error !== undefined) return 'refused'
    return isUnordered && Array.isArray(result) ? result.map(String).toSorted() : result
  })
}

test.runIf(testRedisKinds().includes('redis'))('the engine in memory answers what Redis answers', async () => {
  const [memory, redis] = await Promise.all([openTestRedis('memory'), openTestRedis('redis')])
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 40 }), async (commands) => {
        expect(await answers(memory, commands)).toEqual(await answers(redis, commands))
      }),
      { numRuns: 300 },
    )
  } finally {
    await memory.close()
    await redis.close()
  }
})
