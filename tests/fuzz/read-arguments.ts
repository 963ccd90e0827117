import { parseArgs } from 'node:util'
import { UserError } from '#local/user-error.ts'

export const help = `npm run test:fuzz -- [options]

Sends requests to every route of the API, made of its own OpenAPI description: good ones, ones that are wrong in one place,
nonsense; by customers, by admins of each role, and by those whose credentials open nothing. No answer may be a 5xx, differ
from its description, let in whom the route's policy does not, or name a thing of another customer. See docs/security.md.

The database is the PostgreSQL at TEST_DATABASE_URL where that is set, else PGlite.

  --requests N   how many (20000)
  --seed S       what the requests follow from (one of the clock, which is told)
  --help`

export type Asked = { action: 'help' } | { action: 'fuzz'; seed: number; requests: number }

/** Throws UserError. */
export function readArguments(args: string[], seedOfNow: number): Asked {
  const options = { requests: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } } as const
  let values: { requests?: string; seed?: string; help?: boolean }
  try {
    ;({ values } = parseArgs({ args, options }))
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
  if (values.help === true) return { action: 'help' }
  return {
    action: 'fuzz',
    seed: wholeOf('--seed', values.seed, 0) ?? seedOfNow,
    requests: wholeOf('--requests', values.requests, 1) ?? 20_000,
  }
}

function wholeOf(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const number = Number(text)
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new UserError(`${name} takes a whole number from ${least}, not "${text}".`)
  }
  return number
}
