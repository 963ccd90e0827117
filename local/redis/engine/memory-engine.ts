import { RedisError, type RedisBackend, type RedisReply } from '#local/redis/redis-backend.ts'
import { scriptSha } from '#local/redis/script-source.ts'
import { arg, integer, ok, wrongArity } from './command.ts'
import { hashCommands } from './hash-commands.ts'
import { keyCommands } from './key-commands.ts'
import { Keyspace } from './keyspace.ts'
import { ScriptEngine } from './script-engine.ts'
import { setCommands } from './set-commands.ts'
import { sortedSetCommands } from './sorted-set-commands.ts'
import { stringCommands } from './string-commands.ts'

const dataCommands = new Map(
  Object.entries({ ...stringCommands, ...keyCommands, ...hashCommands, ...setCommands, ...sortedSetCommands }),
)

type Run = (args: string[]) => RedisReply

/**
 * The commands that Wharf and @upstash/ratelimit need, in memory. Every command runs to its end before the next, as in
 * Redis; what Redis has beyond them is answered as an unknown command.
 */
export function createMemoryEngine(now: () => number = Date.now): RedisBackend {
  const keyspace = new Keyspace(now)
  const scripts = new Map<string, string>()
  const engine = new ScriptEngine((command) => prepare(command, false)())

  function evaluate(script: string, [count = '', ...rest]: string[]): RedisReply {
    const keys = integer(count)
    if (keys > rest.length) throw new RedisError("ERR Number of keys can't be greater than number of args")
    if (keys < 0) throw new RedisError("ERR Number of keys can't be negative")
    return engine.run(script, rest.slice(0, keys), rest.slice(keys))
  }

  const scriptCommands = new Map<string, { least: number; run: Run }>([
    [
      'eval',
      {
        least: 2,
        run: ([script = '', ...rest]) => {
          const reply = evaluate(script, rest)
          scripts.set(scriptSha(script), script)
          return reply
        },
      },
    ],
    [
      'evalsha',
      {
        least: 2,
        run: ([sha = '', ...rest]) => {
          const script = scripts.get(sha.toLowerCase())
          if (script === undefined) throw new RedisError('NOSCRIPT No matching script. Please use EVAL.')
          return evaluate(script, rest)
        },
      },
    ],
    ['script', { least: 1, run: script }],
  ])

  function script(args: string[]): RedisReply {
    const [word, rest] = [arg(args, 0).toLowerCase(), args.slice(1)]
    if (word === 'exists') return rest.map((sha) => (scripts.has(sha.toLowerCase()) ? 1 : 0))
    if (word === 'flush') {
      scripts.clear()
      return ok
    }
    if (word !== 'load') throw new RedisError(`ERR unknown subcommand '${arg(args, 0)}'. Try SCRIPT HELP.`)
    const sha = scriptSha(arg(rest, 0))
    scripts.set(sha, arg(rest, 0))
    return sha
  }

  /** Checks name and count of arguments, as Redis does before it queues a command; what comes back runs it. */
  function prepare([name = '', ...args]: string[], scriptsAllowed: boolean): () => RedisReply {
    const lower = name.toLowerCase()
    const dataCommand = dataCommands.get(lower)
    if (dataCommand) {
      const [least, most] = dataCommand.arguments
      if (args.length < least || args.length > most) throw wrongArity(lower)
      return () => dataCommand.run(keyspace, args)
    }
    const scriptCommand = scriptCommands.get(lower)
    if (!scriptCommand) throw unknownCommand(name, args)
    if (!scriptsAllowed) throw new RedisError('ERR This Redis command is not allowed from script')
    if (args.length < scriptCommand.least) throw wrongArity(lower)
    return () => scriptCommand.run(args)
  }

  return {
    run: async (command) => prepare(command, true)(),
    async runAtomically(commands) {
      let prepared: (() => RedisReply)[]
      try {
        prepared = commands.map((command) => prepare(command, true))
      } catch (error) {
        throw new RedisError('EXECABORT Transaction discarded because of previous errors.', { cause: error })
      }
      return prepared.map((run) => {
        try {
          return run()
        } catch (error) {
          if (error instanceof RedisError) return error
          throw error
        }
      })
    },
    close: async () => keyspace.clear(),
  }
}

function unknownCommand(name: string, args: string[]): RedisError {
  const shown = args.map((value) => `'${value.slice(0, 128)}' `).join('')
  return new RedisError(`ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${shown}`)
}
