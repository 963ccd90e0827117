import { mkdir, readdir } from 'node:fs/promises'
import { PGlite } from '@electric-sql/pglite'
import { UserError } from '#local/user-error.ts'

/** Makes PGlite's folder if it is missing; refuses one that holds something other than a database. */
export async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    const names = await readdir(folder)
    if (names.length === 0 || names.includes('PG_VERSION')) return
  } catch (error) {
    throw new UserError(`The database folder ${folder} cannot be used: ${(error as Error).message}.`, { cause: error })
  }
  throw new UserError(`The folder ${folder} holds files but no database; choose an empty or a new folder.`)
}

/** Of what the engine prints, only the beginning can tell why it did not open. */
const maxLines = 100

/** Opens PGlite in a folder, in memory from a dump, or in memory and empty. */
export async function openPglite(dataDir: string | undefined, dump: Blob | undefined): Promise<PGlite> {
  const stderr: string[] = []
  try {
    return await PGlite.create({
      ...(dataDir === undefined ? {} : { dataDir }),
      ...(dump === undefined ? {} : { loadDataDir: dump }),
      onStderr: (line) => {
        if (stderr.length < maxLines) stderr.push(line)
        return false
      },
    })
  } catch (error) {
    const reason = stderr.findLast((line) => /FATAL|PANIC|ERROR/.test(line)) ?? (error as Error).message
    const place = dataDir === undefined ? 'The database in memory' : `The database in ${dataDir}`
    const advice = dataDir === undefined ? '' : ' Move the folder away to start with an empty database.'
    throw new UserError(`${place} cannot be opened (${reason.trim()}).${advice}`, { cause: error })
  }
}
