import { migrateUp } from '#migrations/migrate.ts'
import { runCommand } from './run-command.ts'

const help = `Usage: npm run db:migrate

Applies the migrations that the database of DATABASE_URL does not have yet, all of them or none.
DATABASE_URL must be a direct address (not Neon's pooler) of a role that owns the schema.`

await runCommand({
  help,
  async run(databaseUrl) {
    const names = await migrateUp(databaseUrl, console.log)
    if (names.length === 0) console.log('The database is up to date.')
  },
})
