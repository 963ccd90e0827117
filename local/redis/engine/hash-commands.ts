import { RedisError } from '#local/redis/redis-backend.ts'
import { addIntegers, arg, type CommandTable, integer, ok, pairs } from './command.ts'
import type { Keyspace } from './keyspace.ts'

export const hashCommands: CommandTable = {
  hset: { arguments: [3, Infinity], run: (keyspace, args) => write(keyspace, 'hset', args) },
  hmset: {
    arguments: [3, Infinity],
    run(keyspace, args) {
      write(keyspace, 'hmset', args)
      return ok
    },
  },
  hsetnx: {
    arguments: [3, 3],
    run(keyspace, [key = '', field = '', value = '']) {
      const hash = keyspace.open(key, 'hash')
      if (hash.has(field)) return 0
      hash.set(field, value)
      return 1
    },
  },
  hget: {
    arguments: [2, 2],
    run: (keyspace, [key = '', field = '']) => keyspace.read(key, 'hash')?.get(field) ?? null,
  },
  hmget: {
    arguments: [2, Infinity],
    run(keyspace, [key = '', ...fields]) {
      const hash = keyspace.read(key, 'hash')
      return fields.map((field) => hash?.get(field) ?? null)
    },
  },
  hgetall: { arguments: [1, 1], run: (keyspace, [key = '']) => [...(keyspace.read(key, 'hash') ?? [])].flat() },
  hkeys: { arguments: [1, 1], run: (keyspace, [key = '']) => [...(keyspace.read(key, 'hash')?.keys() ?? [])] },
  hvals: { arguments: [1, 1], run: (keyspace, [key = '']) => [...(keyspace.read(key, 'hash')?.values() ?? [])] },
  hlen: { arguments: [1, 1], run: (keyspace, [key = '']) => keyspace.read(key, 'hash')?.size ?? 0 },
  hexists: {
    arguments: [2, 2],
    run: (keyspace, [key = '', field = '']) => (keyspace.read(key, 'hash')?.has(field) ? 1 : 0),
  },
  hdel: {
    arguments: [2, Infinity],
    run(keyspace, [key = '', ...fields]) {
      const hash = keyspace.read(key, 'hash')
      const deleted = fields.filter((field) => hash?.delete(field)).length
      keyspace.dropIfEmpty(key)
      return deleted
    },
  },
  hincrby: {
    arguments: [3, 3],
    run(keyspace, [key = '', field = '', by = '']) {
      const increment = integer(by)
      const before = keyspace.read(key, 'hash')?.get(field) ?? '0'
      if (!/^-?\d+$/.test(before)) throw new RedisError('ERR hash value is not an integer')
      const value = addIntegers(integer(before), increment)
      keyspace.open(key, 'hash').set(field, String(value))
      return value
    },
  },
}

function write(keyspace: Keyspace, command: string, args: string[]): number {
  const fields = pairs(command, args.slice(1))
  const hash = keyspace.open(arg(args, 0), 'hash')
  const before = hash.size
  for (const [field, value] of fields) hash.set(field, value)
  return hash.size - before
}
