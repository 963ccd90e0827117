// A process that holds the embedded database in the folder of its first argument, to be killed by a test.
import { startDatabase } from '#local/database/start-database.ts'

const database = await startDatabase({ dataDir: process.argv[2] })
process.send?.(database.url)
process.on('disconnect', () => process.exit())
