import { MigrationRefused } from '#migrations/connect.ts'
import { migrateDown } from '#migrations/migrate.ts'
import { runCommand } from './run-command.ts'

const help = `Usage: npm run db:rollback -- [--count N | --all]

Undoes the last migration of the database of DATABASE_URL, or the last N, or all. Tables go with what is in them.

  --count N   how many to undo; 1 if not told
  --all       undo everything`

await runCommand({
  help,
  options: { count: { type: 'string' }, all: { type: 'boolean' } },
  async run(databaseUrl, { count = '1', all }) {
    if (!/^[1-9]\d{0,3}$/.test(String(count))) throw new MigrationRefused('--count must be a number from 1 to 9999.')
    const names = await migrateDown(databaseUrl, all === true ? { all } : { count: Number(count) }, console.log)
    if (names.length === 0) console.log('There is nothing to undo.')
  },
})
