import type { CommandTable } from './command.ts'

export const setCommands: CommandTable = {
  sadd: {
    arguments: [2, Infinity],
    run(keyspace, [key = '', ...members]) {
      const set = keyspace.open(key, 'set')
      const before = set.size
      for (const member of members) set.add(member)
      return set.size - before
    },
  },
  srem: {
    arguments: [2, Infinity],
    run(keyspace, [key = '', ...members]) {
      const set = keyspace.read(key, 'set')
      const removed = members.filter((member) => set?.delete(member)).length
      keyspace.dropIfEmpty(key)
      return removed
    },
  },
  smembers: { arguments: [1, 1], run: (keyspace, [key = '']) => [...(keyspace.read(key, 'set') ?? [])] },
  scard: { arguments: [1, 1], run: (keyspace, [key = '']) => keyspace.read(key, 'set')?.size ?? 0 },
  sismember: {
    arguments: [2, 2],
    run: (keyspace, [key = '', member = '']) => (keyspace.read(key, 'set')?.has(member) ? 1 : 0),
  },
  smismember: {
    arguments: [2, Infinity],
    run(keyspace, [key = '', ...members]) {
      const set = keyspace.read(key, 'set')
      return members.map((member) => (set?.has(member) ? 1 : 0))
    },
  },
}
