import { Redis } from 'ioredis'
import { RedisError, type RedisBackend, type RedisReply } from './redis-backend.ts'
import { scriptSha, withoutShebang } from './script-source.ts'
import { UserError } from '#local/user-error.ts'

/** Commands that belong to one connection; over REST all clients share it, and Upstash refuses them too. */
const connectionCommands = new Set(
  'auth client exec discard monitor multi psubscribe quit reset select ssubscribe subscribe unwatch watch'.split(' '),
)

/**
 * A real Redis behind the REST endpoint. A database of Upstash is one keyspace, so FLUSHALL empties only the database of
 * the URL; scripts lose their first line (see `withoutShebang`) and keep the name that the client knows them by.
 */
export async function connectRealRedis(url: string, log?: (line: string) => void): Promise<RedisBackend> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 })
  let lastError = ''
  redis.on('error', (error: Error) => {
    lastError = error.message
    log?.(`Redis: ${error.message}`)
  })
  try {
    await redis.connect()
  } catch (error) {
    redis.disconnect()
    const { host = '', port = '' } = redis.options
    throw new UserError(`Redis at ${host}:${port} cannot be reached: ${lastError || (error as Error).message}.`, {
      cause: error,
    })
  }

  const strippedShas = new Map<string, string>()
  const originalShas = new Map<string, string>()

  function stripped(script: string): string {
    const bare = withoutShebang(script)
    strippedShas.set(scriptSha(script), scriptSha(bare))
    originalShas.set(scriptSha(bare), scriptSha(script))
    return bare
  }

  function strippedSha(sha: string): string {
    return strippedShas.get(sha.toLowerCase()) ?? sha
  }

  /** In capitals: for names in small letters ioredis reshapes some replies (HGETALL becomes an object). */
  function translate([given = '', ...args]: string[]): [string, ...string[]] {
    const [name, lower] = [given.toUpperCase(), given.toLowerCase()]
    if (connectionCommands.has(lower)) throw new RedisError(`ERR Command is not available: '${name}'`)
    const [first = '', ...rest] = args
    if (lower === 'flushall') return ['FLUSHDB', ...args]
    if (lower === 'eval' && args.length > 0) return [name, stripped(first), ...rest]
    if (lower === 'evalsha' && args.length > 0) return [name, strippedSha(first), ...rest]
    if (lower !== 'script') return [name, ...args]
    const subcommand = first.toLowerCase()
    if (subcommand === 'load') return [name, first, ...rest.map(stripped)]
    return subcommand === 'exists' ? [name, first, ...rest.map(strippedSha)] : [name, ...args]
  }

  /** SCRIPT LOAD tells the name of the text that Redis got; the client knows the other one. */
  function translateBack([name, subcommand]: string[], reply: unknown): RedisReply {
    const isLoad = name?.toLowerCase() === 'script' && subcommand?.toLowerCase() === 'load'
    return isLoad ? (originalShas.get(String(reply)) ?? String(reply)) : (reply as RedisReply)
  }

  return {
    async run(command) {
      const [name, ...args] = translate(command)
      try {
        return translateBack(command, await redis.call(name, ...args))
      } catch (error) {
        throw asRedisError(error)
      }
    },
    async runAtomically(commands) {
      const multi = redis.multi()
      for (const command of commands) {
        const [name, ...args] = translate(command)
        multi.call(name, ...args)
      }
      try {
        const replies = (await multi.exec()) ?? []
        return replies.map(([error, reply], n) =>
          error ? new RedisError(error.message) : translateBack(commands[n] ?? [], reply),
        )
      } catch (error) {
        throw asRedisError(error)
      }
    },
    close: async () => redis.disconnect(),
  }
}

/** Redis' own refusals become RedisError; a broken connection stays what it is. */
function asRedisError(error: unknown): unknown {
  return error instanceof Error && error.name === 'ReplyError' ? new RedisError(error.message, { cause: error }) : error
}
