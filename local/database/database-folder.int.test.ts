import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { pgliteDump } from '#local/testing/pglite-dump.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import type { LocalDatabase } from './local-database.ts'
import { startDatabase } from './start-database.ts'

let parent: string
let folder: string
const children: ChildProcess[] = []

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'wharf-folder-'))
  folder = path.join(parent, 'deep', 'database')
})
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child)
  await rm(parent, { recursive: true, force: true })
})

/** Makes the folder from a dump, which takes a third of the time of an empty start. */
async function startInNewFolder(): Promise<LocalDatabase> {
  return startDatabase({ dataDir: folder, dump: await pgliteDump(false) })
}

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const entry = fileURLToPath(new URL('../testing/database-process.ts', import.meta.url))
  const child = fork(entry, [folder], { execArgv: ['--import', 'tsx'] })
  children.push(child)
  const [url] = await once(child, 'message')
  return { child, url: String(url) }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

test('what was written is there after a stop, and the folder is free again', async () => {
  const first = await startInNewFolder()
  await query(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer')
  await first.stop()
  await first.stop()
  const second = await startDatabase({ dataDir: folder })
  expect(await query(second.url, 'SELECT * FROM kept')).toEqual([{ answer: 42 }])
  await second.stop()
  expect(await readdir(path.dirname(folder))).toEqual(['database'])
})

test('every acknowledged row survives kill -9 in the middle of writing', async () => {
  await (await startInNewFolder()).stop()
  const { child, url } = await startProcess()
  await query(url, 'CREATE TABLE numbers (n int PRIMARY KEY)')
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  let acknowledged = 0
  const writing = (async () => {
    for (let n = 1; ; n += 1) {
      await client.query('INSERT INTO numbers VALUES ($1)', [n])
      acknowledged = n
    }
  })().catch(() => undefined)
  await waitFor(() => acknowledged >= 200, { what: 'rows to be written', timeoutMs: 20_000 })
  await kill(child)
  await writing

  const again = await startDatabase({ dataDir: folder })
  const [row] = await query(again.url, 'SELECT count(*)::int AS count, max(n) AS last FROM numbers')
  const { count, last } = row as { count: number; last: number }
  expect(count).toBe(last)
  expect(last).toBeGreaterThanOrEqual(acknowledged)
  await again.stop()
})

test('a folder that another process holds is refused in one sentence, until that one is gone', async () => {
  await (await startInNewFolder()).stop()
  const { child } = await startProcess()
  await expect(startDatabase({ dataDir: folder })).rejects.toThrow(
    `The database folder ${folder} is in use by process ${child.pid}; stop that one first.`,
  )
  await kill(child)
  const database = await startDatabase({ dataDir: folder })
  await database.stop()
})

test('a lock of a living process that no longer serves the port does not count', async () => {
  await mkdir(path.dirname(folder), { recursive: true })
  await writeFile(`${folder}.lock`, JSON.stringify({ pid: process.pid, port: 1 }))
  const database = await startInNewFolder()
  await database.stop()
})

test('a broken database is refused in one sentence that names the folder', async () => {
  await (await startInNewFolder()).stop()
  await writeFile(path.join(folder, 'global', 'pg_control'), 'rubbish')
  await expect(startDatabase({ dataDir: folder })).rejects.toThrow(
    /^The database in .*database cannot be opened \(.+\)\. Move the folder away/,
  )
  expect(await readdir(path.dirname(folder))).toEqual(['database'])
})

test('a folder with other files, and a file in its place, are refused', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'diary.txt'), 'mine')
  await expect(startDatabase({ dataDir: folder })).rejects.toThrow(`The folder ${folder} holds files but no database`)
  await rm(folder, { recursive: true })
  await writeFile(folder, 'a file')
  await chmod(folder, 0o600)
  await expect(startDatabase({ dataDir: folder })).rejects.toThrow(`The database folder ${folder} cannot be used`)
})

test('a taken port is refused in one sentence', async () => {
  const dump = await pgliteDump(false)
  const first = await startDatabase({ dump })
  const port = Number(new URL(first.url).port)
  await expect(startDatabase({ port })).rejects.toThrow(
    `Postgres' wire protocol cannot listen on port ${port}: it is already in use; stop what uses it or choose another.`,
  )
  const neonPort = Number(new URL(first.neonFetchEndpoint).port)
  await expect(startDatabase({ neonPort, dump })).rejects.toThrow(
    `Neon's HTTP protocol cannot listen on port ${neonPort}`,
  )
  await first.stop()
})
