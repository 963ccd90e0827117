import { RedisError, type RedisReply } from '#local/redis/redis-backend.ts'
import { arg, type CommandTable, integer, pairs, syntaxError } from './command.ts'
import type { Keyspace } from './keyspace.ts'

export const sortedSetCommands: CommandTable = {
  zadd: { arguments: [3, Infinity], run: zadd },
  zincrby: {
    arguments: [3, 3],
    run: (keyspace, [key = '', by = '', member = '']) => zadd(keyspace, [key, 'incr', by, member]),
  },
  zrem: {
    arguments: [2, Infinity],
    run: (keyspace, [key = '', ...members]) => remove(keyspace, key, members),
  },
  zscore: {
    arguments: [2, 2],
    run(keyspace, [key = '', member = '']) {
      const score = keyspace.read(key, 'zset')?.get(member)
      return score === undefined ? null : scoreText(score)
    },
  },
  zcard: { arguments: [1, 1], run: (keyspace, [key = '']) => keyspace.read(key, 'zset')?.size ?? 0 },
  zcount: {
    arguments: [3, 3],
    run: (keyspace, [key = '', min = '', max = '']) => byScore(sorted(keyspace, key), min, max).length,
  },
  zrange: { arguments: [3, Infinity], run: zrange },
  zrangebyscore: {
    arguments: [3, Infinity],
    run: (keyspace, [key = '', min = '', max = '', ...options]) =>
      zrange(keyspace, [key, min, max, 'byscore', ...options]),
  },
  zremrangebyscore: {
    arguments: [3, 3],
    run(keyspace, [key = '', min = '', max = '']) {
      const members = byScore(sorted(keyspace, key), min, max).map(([member]) => member)
      return remove(keyspace, key, members)
    },
  },
}

type Scored = [member: string, score: number]

/** By score, and by bytes among equal scores. */
function sorted(keyspace: Keyspace, key: string): Scored[] {
  const entries = [...(keyspace.read(key, 'zset') ?? [])]
  return entries.toSorted(([a, left], [b, right]) => left - right || Buffer.compare(Buffer.from(a), Buffer.from(b)))
}

function remove(keyspace: Keyspace, key: string, members: string[]): number {
  const zset = keyspace.read(key, 'zset')
  const removed = members.filter((member) => zset?.delete(member)).length
  keyspace.dropIfEmpty(key)
  return removed
}

const zaddWords = new Set(['nx', 'xx', 'gt', 'lt', 'ch', 'incr'])

function zadd(keyspace: Keyspace, args: string[]): RedisReply {
  const words = new Set<string>()
  let first = 1
  for (; zaddWords.has((args[first] ?? '').toLowerCase()); first += 1) words.add(arg(args, first).toLowerCase())
  const scored = args.slice(first)
  if (scored.length === 0 || scored.length % 2 !== 0) throw syntaxError()
  checkZaddWords(words, scored.length / 2)
  const updates = pairs('zadd', scored).map(([text, member]): Scored => [member, score(text)])
  const key = arg(args, 0)
  const zset = keyspace.open(key, 'zset')
  let [added, changed] = [0, 0]
  let result: string | null = null
  for (const [member, given] of updates) {
    const before = zset.get(member)
    const after = words.has('incr') ? given + (before ?? 0) : given
    if (!mayChange(words, before, after)) continue
    zset.set(member, after)
    result = scoreText(after)
    if (before === undefined) added += 1
    else if (before !== after) changed += 1
  }
  keyspace.dropIfEmpty(key)
  if (words.has('incr')) return result
  return words.has('ch') ? added + changed : added
}

function checkZaddWords(words: Set<string>, members: number): void {
  if (words.has('nx') && words.has('xx')) {
    throw new RedisError('ERR XX and NX options at the same time are not compatible')
  }
  if ([words.has('gt'), words.has('lt'), words.has('nx')].filter(Boolean).length > 1) {
    throw new RedisError('ERR GT, LT, and/or NX options at the same time are not compatible')
  }
  if (words.has('incr') && members > 1) {
    throw new RedisError('ERR INCR option supports a single increment-element pair')
  }
}

function mayChange(words: Set<string>, before: number | undefined, after: number): boolean {
  if (before === undefined) return !words.has('xx')
  return !words.has('nx') && !(words.has('gt') && after <= before) && !(words.has('lt') && after >= before)
}

function zrange(keyspace: Keyspace, args: string[]): RedisReply {
  const [key, start, stop] = [arg(args, 0), arg(args, 1), arg(args, 2)]
  const words = args.slice(3).map((word) => word.toLowerCase())
  const [isByScore, isReversed, withScores] = ['byscore', 'rev', 'withscores'].map((word) => words.includes(word))
  const limit = words.indexOf('limit')
  const known = (word: string, index: number) =>
    ['byscore', 'rev', 'withscores', 'limit'].includes(word) || (limit >= 0 && index > limit && index <= limit + 2)
  if (!words.every(known) || (limit >= 0 && !isByScore)) throw syntaxError()
  const all = sorted(keyspace, key)
  let found: Scored[]
  if (isByScore) found = byScore(all, isReversed ? stop : start, isReversed ? start : stop)
  else found = byRank(isReversed ? all.toReversed() : all, integer(start), integer(stop))
  if (isByScore && isReversed) found = found.toReversed()
  if (limit >= 0) found = limited(found, integer(arg(words, limit + 1)), integer(arg(words, limit + 2)))
  return found.flatMap(([member, value]) => (withScores ? [member, scoreText(value)] : [member]))
}

function byRank(all: Scored[], start: number, stop: number): Scored[] {
  const from = start < 0 ? Math.max(0, all.length + start) : start
  const to = stop < 0 ? all.length + stop : stop
  return to < from ? [] : all.slice(from, to + 1)
}

function limited(all: Scored[], offset: number, count: number): Scored[] {
  if (offset < 0) return []
  return count < 0 ? all.slice(offset) : all.slice(offset, offset + count)
}

/** Bounds are inclusive unless they begin with "(". */
function byScore(all: Scored[], min: string, max: string): Scored[] {
  const [low, high] = [bound(min), bound(max)]
  return all.filter(
    ([, value]) =>
      (low.isOpen ? value > low.value : value >= low.value) && (high.isOpen ? value < high.value : value <= high.value),
  )
}

function bound(text: string): { value: number; isOpen: boolean } {
  const isOpen = text.startsWith('(')
  const value = parseScore(isOpen ? text.slice(1) : text)
  if (value === undefined) throw new RedisError('ERR min or max is not a float')
  return { value, isOpen }
}

function score(text: string): number {
  const value = parseScore(text)
  if (value === undefined) throw new RedisError('ERR value is not a valid float')
  return value
}

function parseScore(text: string): number | undefined {
  const infinity = /^([+-]?)inf(inity)?$/i.exec(text)
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity
  const value = Number(text)
  return text.trim() === '' || Number.isNaN(value) ? undefined : value
}

function scoreText(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? 'inf' : '-inf'
}
