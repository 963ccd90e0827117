import { forgetRatchets } from '#migrations/after-restore.ts'
import { runCommand } from './run-command.ts'

const help = `Usage: npm run db:after-restore

Once, after the database of DATABASE_URL was restored from a backup and before a worker is started: deletes the Signal
sessions and sender keys, which are behind those of the phones, so that they are made anew. Linked devices stay linked.
docs/runbooks.md tells the rest.`

await runCommand({
  help,
  async run(databaseUrl) {
    const { keys, instances } = await forgetRatchets(databaseUrl)
    console.log(`Deleted ${keys} sessions and sender keys of ${instances} instances: they are made anew.`)
  },
})
