import { migrationStatus } from '#migrations/migrate.ts'
import { runCommand } from './run-command.ts'

const help = `Usage: npm run db:status

Lists the migrations that the database of DATABASE_URL has, and those that it still needs. "unknown" are those that
this checkout does not have: the database is ahead of it. Changes nothing.`

await runCommand({
  help,
  async run(databaseUrl) {
    const { applied, pending, ahead } = await migrationStatus(databaseUrl)
    for (const name of applied) console.log(`${ahead.includes(name) ? 'unknown' : 'applied'}  ${name}`)
    for (const name of pending) console.log(`pending  ${name}`)
  },
})
