import { parseArgs } from 'node:util'
import { UserError } from '#local/user-error.ts'
import { crashPointNames, type CrashPointName } from './crash-points/crash-points.ts'
import type { FaultRunOptions } from './run-faults.ts'

export const help = `npm run test:faults [-- options]: messages both ways while faults strike, then an offline check

  --messages N   messages each way (2000)
  --kills N      kill -9 of workers, spread over the run (20)
  --others N     faults of other kinds: stopped workers, cut and frozen links, database restarts (half of --kills)
  --workers N    worker processes (3)
  --sessions N   paired instances (20)
  --chats N      chats of each (5)
  --seed S       the same faults again (random)
  --max-fault S  no single fault lasts longer than so many seconds (30)
  --stall S      gives up when nothing arrived for so many seconds (150)
  --deadline S   gives up after so many seconds (3600)
  --crash-point P       instead: kills at this point of docs/fault-rig.md, such as O6; several by commas
  --crash-points all    the same at every point
  --times N             kills at each crash point (20)
  --keep FOLDER  where histories and logs are left; else only a run that failed leaves them, in a temporary folder
  --check FOLDER runs only the checker, on histories that a run left
  --help

The database is a new one on the PostgreSQL at TEST_DATABASE_URL, else on an embedded one.`

export type Asked =
  | { what: 'help' }
  | { what: 'check'; folder: string }
  | {
      what: 'run'
      options: Omit<FaultRunOptions, 'folder' | 'postgres' | 'signal' | 'print'>
      /** Kills at these points instead of traffic under faults. */
      points: readonly CrashPointName[] | undefined
      times: number
      keep: string | undefined
      deadlineMs: number
      /** The command that runs the same again. */
      again: string
    }

const numbers = {
  messages: { fallback: 2_000, min: 1, max: 1_000_000 },
  kills: { fallback: 20, min: 0, max: 10_000 },
  others: { fallback: undefined, min: 0, max: 10_000 },
  workers: { fallback: 3, min: 1, max: 20 },
  sessions: { fallback: 20, min: 1, max: 500 },
  chats: { fallback: 5, min: 1, max: 100 },
  times: { fallback: 20, min: 1, max: 10_000 },
  seed: { fallback: undefined, min: 0, max: 2 ** 32 - 1 },
  'max-fault': { fallback: 30, min: 0, max: 600 },
  stall: { fallback: 150, min: 1, max: 3_600 },
  deadline: { fallback: 3_600, min: 1, max: 86_400 },
} as const
type NumberName = keyof typeof numbers

/** What the command line asks for. Throws UserError with the help. */
export function readArguments(args: readonly string[]): Asked {
  const values = parse(args)
  if (values['help'] === true) return { what: 'help' }
  if (typeof values['check'] === 'string') return { what: 'check', folder: values['check'] }
  const number = (name: NumberName) => readNumber(name, values[name])
  const kills = number('kills') ?? 0
  const options = {
    messages: number('messages') ?? 0,
    kills,
    others: number('others') ?? Math.ceil(kills / 2),
    workers: number('workers') ?? 0,
    sessions: number('sessions') ?? 0,
    chatsPerSession: number('chats') ?? 0,
    seed: number('seed') ?? Math.floor(Math.random() * 2 ** 32),
    maxFaultMs: (number('max-fault') ?? 0) * 1_000,
    stallMs: (number('stall') ?? 0) * 1_000,
  }
  const keep = typeof values['keep'] === 'string' ? values['keep'] : undefined
  const given = args.filter((arg, index) => !arg.startsWith('--seed') && args[index - 1] !== '--seed')
  return {
    what: 'run',
    options,
    points: readPoints(values),
    times: number('times') ?? 0,
    keep,
    deadlineMs: (number('deadline') ?? 0) * 1_000,
    again: ['npm run test:faults --', ...given, '--seed', options.seed].join(' '),
  }
}

function parse(args: readonly string[]): Record<string, string | boolean | undefined> {
  const texts = [...Object.keys(numbers), 'keep', 'check', 'crash-point', 'crash-points']
  const options = Object.fromEntries(texts.map((name) => [name, { type: 'string' as const }]))
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: 'boolean' } } }).values
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}

function readPoints(values: Record<string, string | boolean | undefined>): readonly CrashPointName[] | undefined {
  const text = values['crash-points'] ?? values['crash-point']
  if (typeof text !== 'string') return undefined
  if (text === 'all') return crashPointNames
  return text.split(',').map((asked) => {
    const point = crashPointNames.find((name) => name === asked)
    if (point === undefined)
      throw new UserError(`There is no crash point ${asked}; there are ${crashPointNames.join(', ')}.`)
    return point
  })
}

function readNumber(name: NumberName, text: string | boolean | undefined): number | undefined {
  const { fallback, min, max } = numbers[name]
  if (text === undefined) return fallback
  const value = Number(text)
  if (typeof text !== 'string' || !/^\d+$/.test(text) || value < min || value > max)
    throw new UserError(`--${name} takes a whole number from ${min} to ${max}.\n\n${help}`)
  return value
}
