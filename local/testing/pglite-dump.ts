import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { openPglite } from '#local/database/open-pglite.ts'
import { startPgliteWireServer } from '#local/database/pglite-wire-server.ts'
import { migrateUp } from '#migrations/migrate.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cacheFolder = path.join(root, 'node_modules', '.cache', 'wharf')

/**
 * A copy of a PGlite that is empty or migrated, to start others from: making one takes seconds, copying it a third of one.
 * Kept on disk under the hash of all that it depends on, as every test file runs in a process of its own.
 */
export async function pgliteDump(migrated: boolean): Promise<Blob> {
  const file = path.join(cacheFolder, `pglite-${await inputHash(migrated)}.tar`)
  const cached = await readFile(file).catch(() => undefined)
  if (cached) return new Blob([cached])
  const dump = await makeDump(migrated)
  await mkdir(cacheFolder, { recursive: true })
  const half = `${file}.${process.pid}`
  await writeFile(half, Buffer.from(await dump.arrayBuffer()))
  await rename(half, file)
  return dump
}

async function inputHash(migrated: boolean): Promise<string> {
  const hash = createHash('sha256')
  hash.update(await readFile(path.join(root, 'package-lock.json')))
  if (!migrated) return hash.digest('hex').slice(0, 16)
  const folder = path.join(root, 'migrations')
  for (const name of (await readdir(folder)).toSorted()) {
    if (name.endsWith('.sql') || name === 'grants.ts') hash.update(name).update(await readFile(path.join(folder, name)))
  }
  return hash.digest('hex').slice(0, 16)
}

async function makeDump(migrated: boolean): Promise<Blob> {
  const engine = await openPglite(undefined, undefined)
  const wire = await startPgliteWireServer({ port: 0, idleTransactionTimeoutMs: 60_000 })
  try {
    await wire.serve(engine)
    if (migrated) await migrateUp(`postgres://postgres@127.0.0.1:${wire.port}/postgres`)
    return await engine.dumpDataDir('none')
  } finally {
    await wire.stop()
    await engine.close()
  }
}
