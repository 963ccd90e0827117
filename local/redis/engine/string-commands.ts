import type { RedisReply } from '#local/redis/redis-backend.ts'
import { addIntegers, arg, type CommandTable, integer, ok, pairs, syntaxError } from './command.ts'
import { isExpiryUnit, positiveExpiryTime } from './expiry.ts'
import type { Keyspace } from './keyspace.ts'

interface SetOptions {
  expiresAtMs?: number
  only?: 'nx' | 'xx'
  get: boolean
  keepTtl: boolean
}

export const stringCommands: CommandTable = {
  get: { arguments: [1, 1], run: (keyspace, [key = '']) => keyspace.read(key, 'string') ?? null },
  set: { arguments: [2, Infinity], run: set },
  setnx: {
    arguments: [2, 2],
    run: (keyspace, [key = '', value = '']) => (set(keyspace, [key, value, 'nx']) === null ? 0 : 1),
  },
  setex: {
    arguments: [3, 3],
    run: (keyspace, [key = '', seconds = '', value = '']) => {
      keyspace.writeString(key, value, positiveExpiryTime('setex', 'ex', seconds, keyspace.now()))
      return ok
    },
  },
  psetex: {
    arguments: [3, 3],
    run: (keyspace, [key = '', milliseconds = '', value = '']) => {
      keyspace.writeString(key, value, positiveExpiryTime('psetex', 'px', milliseconds, keyspace.now()))
      return ok
    },
  },
  getdel: {
    arguments: [1, 1],
    run(keyspace, [key = '']) {
      const value = keyspace.read(key, 'string') ?? null
      keyspace.delete(key)
      return value
    },
  },
  getset: { arguments: [2, 2], run: (keyspace, [key = '', value = '']) => set(keyspace, [key, value, 'get']) },
  mget: {
    arguments: [1, Infinity],
    run: (keyspace, keys) =>
      keys.map((key) => (keyspace.type(key) === 'string' ? (keyspace.read(key, 'string') ?? null) : null)),
  },
  mset: {
    arguments: [2, Infinity],
    run(keyspace, args) {
      for (const [key, value] of pairs('mset', args)) keyspace.writeString(key, value)
      return ok
    },
  },
  strlen: {
    arguments: [1, 1],
    run: (keyspace, [key = '']) => Buffer.byteLength(keyspace.read(key, 'string') ?? ''),
  },
  incr: { arguments: [1, 1], run: (keyspace, [key = '']) => increment(keyspace, key, 1) },
  decr: { arguments: [1, 1], run: (keyspace, [key = '']) => increment(keyspace, key, -1) },
  incrby: { arguments: [2, 2], run: (keyspace, [key = '', by = '']) => increment(keyspace, key, integer(by)) },
  decrby: { arguments: [2, 2], run: (keyspace, [key = '', by = '']) => increment(keyspace, key, -integer(by)) },
}

function set(keyspace: Keyspace, args: string[]): RedisReply {
  const [key, value] = [arg(args, 0), arg(args, 1)]
  const options = setOptions(args.slice(2), keyspace.now())
  const before = options.get ? (keyspace.read(key, 'string') ?? null) : null
  const exists = keyspace.type(key) !== undefined
  if ((options.only === 'nx' && exists) || (options.only === 'xx' && !exists)) return before
  keyspace.writeString(key, value, options.keepTtl ? keyspace.expiresAtMs(key) : options.expiresAtMs)
  return options.get ? before : ok
}

function setOptions(words: string[], nowMs: number): SetOptions {
  const options: SetOptions = { get: false, keepTtl: false }
  for (let index = 0; index < words.length; index += 1) {
    const word = arg(words, index).toLowerCase()
    if (word === 'nx' || word === 'xx') {
      if (options.only !== undefined && options.only !== word) throw syntaxError()
      options.only = word
    } else if (word === 'get') {
      options.get = true
    } else if (word === 'keepttl' && options.expiresAtMs === undefined) {
      options.keepTtl = true
    } else if (isExpiryUnit(word) && options.expiresAtMs === undefined && !options.keepTtl) {
      index += 1
      options.expiresAtMs = positiveExpiryTime('set', word, arg(words, index), nowMs)
    } else {
      throw syntaxError()
    }
  }
  return options
}

/** Keeps the key's time of expiry. */
function increment(keyspace: Keyspace, key: string, by: number): number {
  const value = addIntegers(integer(keyspace.read(key, 'string') ?? '0'), by)
  keyspace.writeString(key, String(value), keyspace.expiresAtMs(key))
  return value
}
