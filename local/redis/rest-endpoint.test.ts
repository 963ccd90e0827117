import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestRedis, testRedisKinds, type TestRedis } from '#local/testing/test-redis.ts'
import { waitFor } from '#local/testing/wait-for.ts'

describe.each(testRedisKinds())("Upstash's REST protocol on %s", (kind) => {
  let local: TestRedis
  let redis: Redis

  beforeAll(async () => {
    local = await openTestRedis(kind)
    redis = new Redis({ url: local.restUrl, token: local.token, retry: false })
  })
  afterAll(() => local.close())
  beforeEach(async () => {
    await redis.flushall()
  })

  /** A request without the client, for what the client would never send. */
  async function post(body: string, { path = '/', token = local.token, encoding = '' } = {}) {
    const headers = { authorization: `Bearer ${token}`, ...(encoding && { 'Upstash-Encoding': encoding }) }
    const response = await fetch(local.restUrl + path, { method: 'POST', headers, body })
    return { status: response.status, body: (await response.json()) as unknown }
  }

  const command = async (...words: (string | number)[]) => (await post(JSON.stringify(words))).body

  test('strings: set with its options, get, getdel, mget, counters', async () => {
    expect(await redis.set('a', 'Grüße 👋')).toBe('OK')
    expect(await redis.get('a')).toBe('Grüße 👋')
    expect(await redis.set('a', 'b', { nx: true })).toBeNull()
    expect(await redis.set('fresh', '1', { nx: true, ex: 100 })).toBe('OK')
    expect(await redis.ttl('fresh')).toBe(100)
    expect(await redis.set('missing', '1', { xx: true })).toBeNull()
    expect(await redis.set('a', 'next', { get: true })).toBe('Grüße 👋')
    expect(await redis.mget('a', 'missing')).toEqual(['next', null])
    expect(await redis.getdel('a')).toBe('next')
    expect(await redis.incr('n')).toBe(1)
    expect(await redis.incrby('n', 9)).toBe(10)
    expect(await redis.decrby('n', 4)).toBe(6)
    expect(await redis.exists('n', 'fresh', 'a')).toBe(2)
    expect(await redis.del('n', 'a')).toBe(1)
  })

  test('values that look like status words survive', async () => {
    await redis.set('word', 'OK')
    expect(await redis.get('word')).toBe('OK')
    expect(await redis.mget('word', 'word')).toEqual(['OK', 'OK'])
    expect(await redis.ping()).toBe('PONG')
    expect(await redis.type('word')).toBe('string')
  })

  test('times of expiry: kept by counters, dropped by set, ended by persist', async () => {
    await redis.set('k', '1', { px: 60_000 })
    await redis.incr('k')
    expect(await redis.pttl('k')).toBeGreaterThan(50_000)
    await redis.set('k', '5', { keepTtl: true })
    expect(await redis.ttl('k')).toBeGreaterThan(50)
    expect(await redis.persist('k')).toBe(1)
    expect(await redis.ttl('k')).toBe(-1)
    expect(await redis.expire('k', 100, 'XX')).toBe(0)
    expect(await redis.pexpire('k', 20)).toBe(1)
    await waitFor(async () => (await redis.exists('k')) === 0, { what: 'the key to expire' })
    expect(await redis.ttl('k')).toBe(-2)
  })

  test('hashes', async () => {
    expect(await redis.hset('h', { a: '1', b: 'two' })).toBe(2)
    expect(await redis.hset('h', { a: '2', c: '3' })).toBe(1)
    expect(await redis.hincrby('h', 'a', 5)).toBe(7)
    expect(await redis.hgetall('h')).toEqual({ a: 7, b: 'two', c: 3 })
    expect(await redis.hget('h', 'b')).toBe('two')
    expect(await redis.hmget('h', 'a', 'x')).toEqual({ a: 7, x: null })
    expect(await redis.hdel('h', 'a', 'b', 'c')).toBe(3)
    expect(await redis.exists('h')).toBe(0)
    expect(await redis.hgetall('h')).toBeNull()
  })

  test('sets', async () => {
    expect(await redis.sadd('s', 'a', 'b', 'a')).toBe(2)
    expect((await redis.smembers('s')).toSorted()).toEqual(['a', 'b'])
    expect(await redis.sismember('s', 'b')).toBe(1)
    expect(await redis.srem('s', 'a', 'x')).toBe(1)
    expect(await redis.scard('s')).toBe(1)
  })

  test('sorted sets', async () => {
    expect(await redis.zadd('z', { score: 2, member: 'b' }, { score: 1, member: 'a' }, { score: 3, member: 'c' })).toBe(
      3,
    )
    expect(await redis.zadd('z', { gt: true, ch: true }, { score: 1, member: 'b' }, { score: 9, member: 'c' })).toBe(1)
    expect(await redis.zrange('z', 0, -1, { withScores: true })).toEqual(['a', 1, 'b', 2, 'c', 9])
    expect(await redis.zrange('z', '(1', '+inf', { byScore: true })).toEqual(['b', 'c'])
    expect(await redis.zrange('z', 0, 0, { rev: true })).toEqual(['c'])
    expect(await redis.zincrby('z', 0.5, 'a')).toBe(1.5)
    expect(await redis.zcount('z', '-inf', 2)).toBe(2)
    expect(await redis.zremrangebyscore('z', '-inf', 2)).toBe(2)
    expect(await redis.zcard('z')).toBe(1)
  })

  test('keys, scan and dbsize', async () => {
    await redis.mset({ 'user:1': 'a', 'user:2': 'b', 'us[r': 'c' })
    expect((await redis.keys('user:*')).toSorted()).toEqual(['user:1', 'user:2'])
    expect(await redis.keys('us\\[?')).toEqual(['us[r'])
    expect(await redis.keys('user:[2-9]')).toEqual(['user:2'])
    const [cursor, keys] = await redis.scan('0', { match: 'user:*', count: 1000 })
    expect([cursor, keys.toSorted()]).toEqual(['0', ['user:1', 'user:2']])
    expect(await redis.dbsize()).toBe(3)
  })

  test('a script is called by the sha of its text as sent, also with a first line that Redis does not know', async () => {
    const text = '#!lua flags=allow-key-locking\nreturn {KEYS[1], ARGV[1], redis.call("INCRBY", KEYS[1], 2)}'
    const script = redis.createScript<[string, string, number]>(text, { readonly: false })
    await expect(redis.evalsha('f'.repeat(40), [], [])).rejects.toThrow('NOSCRIPT')
    expect(await script.exec(['n'], ['x'])).toEqual(['n', 'x', 2])
    expect(await script.exec(['n'], ['x'])).toEqual(['n', 'x', 4])
    const sha = await redis.scriptLoad('#!lua flags=allow-key-locking\nreturn 7')
    expect(await redis.scriptExists(sha)).toEqual([1])
    expect(await redis.evalsha(sha, [], [])).toBe(7)
  })

  test("Lua's values become Redis' values", async () => {
    expect(await redis.eval('return {1, 2.9, "three", false, 5}', [], [])).toEqual([1, 2, 'three', null, 5])
    expect(await redis.eval('return {1, nil, 3}', [], [])).toEqual([1])
    expect(await redis.eval('return redis.status_reply("FINE")', [], [])).toBe('FINE')
    expect(await redis.eval('return redis.call("SET", KEYS[1], 3)', ['k'], [])).toBe('OK')
    expect(await redis.eval('return redis.call("GET", KEYS[1]) == false', ['nothing'], [])).toBe(1)
    expect(await redis.eval('return tostring(tonumber("3")) .. ":" .. 10 / 2', [], [])).toBe('3:5')
    expect(await redis.eval('return tostring(1728000 * tonumber("1000") * 2 + 1000)', [], [])).toBe(3_456_001_000)
  })

  test('errors inside a script', async () => {
    await redis.set('text', 'abc')
    await expect(redis.eval('return redis.call("INCR", KEYS[1])', ['text'], [])).rejects.toThrow('not an integer')
    expect(await redis.eval('return redis.pcall("INCR", KEYS[1]).err ~= nil', ['text'], [])).toBe(1)
    await expect(redis.eval('this is no Lua', [], [])).rejects.toThrow('Error compiling script')
    await expect(redis.eval('leaked = 1', [], [])).rejects.toThrow('script')
    await expect(redis.eval('return redis.error_reply("ERR mine")', [], [])).rejects.toThrow('ERR mine')
    expect(await redis.eval('return 1', [], [])).toBe(1)
  })

  test('a pipeline answers each command by itself; a transaction runs as one', async () => {
    await redis.set('text', 'abc')
    const pipeline = redis.pipeline().set('a', '1').incr('text').get('a')
    const [set, error, got] = await pipeline.exec<[string, null, number]>({ keepErrors: true })
    expect([set.result, got.result]).toEqual(['OK', 1])
    expect(error.error).toContain('ERR value is not an integer')
    expect(await redis.multi().incr('n').incr('n').exec()).toEqual([1, 2])
    const refused = await post('[["INCR","n"],["NONSENSE"]]', { path: '/multi-exec' })
    expect(refused).toEqual({
      status: 400,
      body: { error: 'EXECABORT Transaction discarded because of previous errors.' },
    })
    expect(await redis.get('n')).toBe(2)
  })

  test("errors carry Redis' own words", async () => {
    await redis.set('text', 'abc')
    expect(await command('NONSENSE', 'a', 'b')).toEqual({
      error: "ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b' ",
    })
    expect(await command('GET')).toEqual({ error: "ERR wrong number of arguments for 'get' command" })
    expect(await command('HSET', 'h', 'a')).toEqual({ error: "ERR wrong number of arguments for 'hset' command" })
    expect(await command('HGET', 'text', 'a')).toEqual({
      error: 'WRONGTYPE Operation against a key holding the wrong kind of value',
    })
    expect(await command('SET', 'a', 'b', 'EX', 0)).toEqual({ error: "ERR invalid expire time in 'set' command" })
    expect(await command('SET', 'a', 'b', 'toString')).toEqual({ error: 'ERR syntax error' })
    expect(await command('INCR', 'text')).toEqual({ error: 'ERR value is not an integer or out of range' })
  })

  test('wrong tokens, paths and bodies are refused', async () => {
    expect((await post('["PING"]', { token: 'wrong' })).status).toBe(401)
    expect((await post('["PING"]', { path: '/nowhere' })).status).toBe(404)
    expect(await post('["PING"')).toEqual({ status: 400, body: { error: 'The body is not valid JSON.' } })
    expect((await post('{"a":1}')).status).toBe(400)
    expect((await post('["GET",null]')).body).toEqual({ error: 'ERR null args are not supported' })
    expect((await post('[]', { path: '/pipeline' })).status).toBe(400)
    expect((await fetch(local.restUrl)).status).toBe(405)
  })

  test('counts its HTTP requests, a pipeline as one', async () => {
    const before = local.requests()
    await redis.get('a')
    await redis.pipeline().get('a').get('b').exec()
    expect(local.requests() - before).toBe(2)
  })
})
