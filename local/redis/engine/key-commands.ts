import { RedisError, type RedisReply } from '#local/redis/redis-backend.ts'
import { arg, type Command, type CommandTable, integer, ok, syntaxError } from './command.ts'
import { expiryTime, type ExpiryUnit } from './expiry.ts'
import { globMatcher } from './glob.ts'
import type { Keyspace } from './keyspace.ts'

export const keyCommands: CommandTable = {
  del: { arguments: [1, Infinity], run: (keyspace, keys) => count(keys, (key) => keyspace.delete(key)) },
  unlink: { arguments: [1, Infinity], run: (keyspace, keys) => count(keys, (key) => keyspace.delete(key)) },
  exists: {
    arguments: [1, Infinity],
    run: (keyspace, keys) => count(keys, (key) => keyspace.type(key) !== undefined),
  },
  type: { arguments: [1, 1], run: (keyspace, [key = '']) => ({ status: keyspace.type(key) ?? 'none' }) },
  expire: expireCommand('ex'),
  pexpire: expireCommand('px'),
  expireat: expireCommand('exat'),
  pexpireat: expireCommand('pxat'),
  persist: {
    arguments: [1, 1],
    run(keyspace, [key = '']) {
      if (keyspace.expiresAtMs(key) === undefined) return 0
      keyspace.expireAt(key, undefined)
      return 1
    },
  },
  ttl: { arguments: [1, 1], run: (keyspace, [key = '']) => timeToLive(keyspace, key, 1_000) },
  pttl: { arguments: [1, 1], run: (keyspace, [key = '']) => timeToLive(keyspace, key, 1) },
  keys: { arguments: [1, 1], run: (keyspace, [pattern = '']) => keyspace.keys().filter(globMatcher(pattern)) },
  scan: { arguments: [1, Infinity], run: scan },
  dbsize: { arguments: [0, 0], run: (keyspace) => keyspace.keys().length },
  flushall: { arguments: [0, 1], run: flush },
  flushdb: { arguments: [0, 1], run: flush },
  ping: { arguments: [0, 1], run: (_keyspace, [text]) => text ?? { status: 'PONG' } },
  echo: { arguments: [1, 1], run: (_keyspace, [text = '']) => text },
}

function count(keys: string[], holds: (key: string) => boolean): number {
  return keys.filter(holds).length
}

function flush(keyspace: Keyspace): RedisReply {
  keyspace.clear()
  return ok
}

const expireConditions = new Map<string, (before: number, after: number) => boolean>([
  ['', () => true],
  ['nx', (before) => before === Infinity],
  ['xx', (before) => before !== Infinity],
  ['gt', (before, after) => after > before],
  ['lt', (before, after) => after < before],
])

function expireCommand(unit: ExpiryUnit): Command {
  return {
    arguments: [2, 3],
    run(keyspace, [key = '', time = '', word = '']) {
      const expiresAtMs = expiryTime(unit, time, keyspace.now())
      const condition = expireConditions.get(word.toLowerCase())
      if (condition === undefined) throw new RedisError(`ERR Unsupported option ${word}`)
      if (keyspace.type(key) === undefined) return 0
      if (!condition(keyspace.expiresAtMs(key) ?? Infinity, expiresAtMs)) return 0
      keyspace.expireAt(key, expiresAtMs)
      return 1
    },
  }
}

/** -2 without the key, -1 without a time of expiry. */
function timeToLive(keyspace: Keyspace, key: string, unitMs: number): number {
  if (keyspace.type(key) === undefined) return -2
  const expiresAtMs = keyspace.expiresAtMs(key)
  return expiresAtMs === undefined ? -1 : Math.round((expiresAtMs - keyspace.now()) / unitMs)
}

/** Gives everything at once: the cursor is always 0, which SCAN's contract allows. */
function scan(keyspace: Keyspace, args: string[]): RedisReply {
  integer(arg(args, 0))
  let keys = keyspace.keys()
  for (let index = 1; index < args.length; index += 2) {
    const [word, value] = [arg(args, index).toLowerCase(), arg(args, index + 1)]
    if (word === 'match') keys = keys.filter(globMatcher(value))
    else if (word === 'type') keys = keys.filter((key) => keyspace.type(key) === value.toLowerCase())
    else if (word !== 'count' || integer(value) < 1) throw syntaxError()
  }
  return ['0', keys]
}
