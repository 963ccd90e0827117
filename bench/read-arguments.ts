import { parseArgs } from 'node:util'
import { UserError } from '#local/user-error.ts'
import { benchmarks } from './benchmarks/all.ts'
import type { Benchmark } from './benchmark.ts'

export const help = `npm run bench [-- options] [names]: measures the driver against raw Baileys, on the same simulator in the same run

  names            only these benchmarks (see --list); without names all, in under 10 minutes
  --quick          small figures that only show that everything works
  --json <file>    where the figures go as JSON (.wharf/bench.json)
  --profile <dir>  also write a CPU profile of every measured part of message benchmarks there; the figures get worse
  --list           what is measured, and how often
  --help           this text

TEST_DATABASE_URL names the PostgreSQL behind the driver; without it one is started.`

export interface Arguments {
  action: 'run' | 'list' | 'help'
  chosen: readonly Benchmark[]
  quick: boolean
  jsonFile: string
  profileFolder: string | undefined
}

/** Throws UserError. */
export function readArguments(args: string[]): Arguments {
  const { values, positionals } = parsed(args)
  const unknown = positionals.filter((name) => benchmarks.every((benchmark) => benchmark.name !== name))
  if (unknown.length > 0) {
    throw new UserError(
      `There is no benchmark ${unknown.join(', ')}: choose from ${benchmarks.map(({ name }) => name).join(', ')}.`,
    )
  }
  return {
    action: values.help ? 'help' : values.list ? 'list' : 'run',
    chosen: positionals.length === 0 ? benchmarks : benchmarks.filter(({ name }) => positionals.includes(name)),
    quick: values.quick,
    jsonFile: values.json,
    profileFolder: values.profile,
  }
}

function parsed(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        json: { type: 'string', default: '.wharf/bench.json' },
        profile: { type: 'string' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}
