import { parseArgs } from 'node:util'
import { UserError } from '#local/user-error.ts'

export const help = `npm run test:simulation -- [options]

Plays small stories of servers, sessions, messages and webhooks in virtual time, with faults that follow from a seed, on
the real worker and the real rules. See docs/simulation.md.

  --seeds N   how many seeds (10000)
  --seed S    the first seed (1); without --seeds this one alone, with its whole story
  --help`

export type Asked =
  { action: 'help' } | { action: 'tell'; seed: number } | { action: 'play'; first: number; seeds: number }

/** Throws UserError. */
export function readArguments(args: string[]): Asked {
  const options = { seeds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } } as const
  let values: { seeds?: string; seed?: string; help?: boolean }
  try {
    ;({ values } = parseArgs({ args, options }))
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
  if (values.help === true) return { action: 'help' }
  const seed = wholeOf('--seed', values.seed, 0)
  const seeds = wholeOf('--seeds', values.seeds, 1)
  if (seed !== undefined && seeds === undefined) return { action: 'tell', seed }
  return { action: 'play', first: seed ?? 1, seeds: seeds ?? 10_000 }
}

function wholeOf(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new UserError(`${name} takes a whole number from ${least}, not "${text}".`)
  }
  return number
}
