import { parseArgs, type ParseArgsConfig } from 'node:util'
import { MigrationRefused } from '#migrations/connect.ts'

type Options = NonNullable<ParseArgsConfig['options']>
type Values = Record<string, string | boolean | undefined>

interface Command {
  /** What `--help` prints. */
  help: string
  options?: Options
  run: (databaseUrl: string, values: Values) => Promise<void>
}

/** Runs one of the commands: help, options and DATABASE_URL; a problem is one sentence and exit code 1. */
export async function runCommand({ help, options = {}, run }: Command): Promise<void> {
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (values['help'] === true) {
      console.log(help)
      return
    }
    const databaseUrl = process.env['DATABASE_URL']
    if (!databaseUrl) {
      throw new MigrationRefused(
        'DATABASE_URL is not set: give the address of the database, such as postgres://user:password@host:5432/wharf.',
      )
    }
    await run(databaseUrl, values as Values)
  } catch (error) {
    if (!(error instanceof MigrationRefused) && !isUsageError(error)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}
