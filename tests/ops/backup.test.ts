import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedCustomer, seedInstance, seedServer } from '#core/testing/seed.ts'
import { createSqlSeed } from '#db/testing/sql-seed.ts'
import { findProgram } from '#local/testing/find-program.ts'
import { openTestDatabase, type TestDatabase } from '#local/testing/test-databases.ts'
import { ansibleFolder } from './ansible-files.ts'

const run = promisify(execFile)
const needed = ['ansible-playbook', 'pg_dump', 'pg_restore', 'psql']
const missing = needed.filter((name) => findProgram(name) === undefined)
if (process.env['TEST_DATABASE_URL'] === undefined) missing.push('TEST_DATABASE_URL, of the same version as pg_dump')
if (missing.length > 0) process.stderr.write(`\nBackup and restore are not tried: no ${missing.join(', ')}.\n`)

describe.skipIf(missing.length > 0)('a backup', () => {
  let source: TestDatabase
  let target: TestDatabase
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'wharf-backup-'))
    source = await openTestDatabase('postgres')
    target = await openTestDatabase('postgres', { migrated: false })
    await withClient(source.url, async (pool) => {
      const seed = createSqlSeed(pool)
      const customerId = await seedCustomer(seed, { name: 'Kept customer' })
      const serverId = await seedServer(seed, { leaseExpiresAt: new Date(0) })
      const instanceId = await seedInstance(seed, { customerId, serverId })
      for (const type of ['session', 'pre-key'])
        await seed.insert('sessionKeys', { instanceId, type, id: '1', value: new Uint8Array([1]) })
    })
  })
  afterAll(async () => {
    await source.close()
    await target.close()
    await rm(folder, { recursive: true })
  })

  async function withClient<T>(url: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
    const pool = new pg.Pool({ connectionString: url, max: 1 })
    try {
      return await work(pool)
    } finally {
      await pool.end()
    }
  }

  /** As the playbooks want it: with a password, which this PostgreSQL does not ask for. */
  function withPassword(address: string): string {
    const url = new URL(address)
    url.password = 'canary'
    return url.href
  }

  async function play(playbook: string, ...more: string[]): Promise<{ ok: boolean; output: string }> {
    const values = {
      database_backup_url: withPassword(source.url),
      database_restore_url: withPassword(target.url),
      database_backup_folder: folder,
      database_backups_kept: 2,
    }
    const args = ['-i', 'localhost,', '-e', JSON.stringify(values), ...more, playbook]
    const env = { ...process.env, ANSIBLE_NOCOLOR: '1', ANSIBLE_CONFIG: path.join(ansibleFolder, 'ansible.cfg') }
    return run('ansible-playbook', args, { cwd: ansibleFolder, env }).then(
      ({ stdout }) => ({ ok: true, output: stdout }),
      ({ stdout, stderr }: { stdout: string; stderr: string }) => ({ ok: false, output: stdout + stderr }),
    )
  }
  const dumps = async () => (await readdir(folder)).filter((name) => name.endsWith('.dump')).toSorted()

  it('is a file for its owner alone, of which the newest are kept, and shows no password', async () => {
    for (const old of ['wharf-20200101T000000Z.dump', 'wharf-20200102T000000Z.dump'])
      await run('touch', [path.join(folder, old)])
    const { ok, output } = await play('backup.yml')
    expect([ok, output]).toEqual([true, expect.not.stringContaining('canary')])
    const kept = await dumps()
    expect(kept).toHaveLength(2)
    expect(kept[0]).toBe('wharf-20200102T000000Z.dump')
    for (const one of [folder, path.join(folder, kept[1]!)]) expect((await stat(one)).mode & 0o077).toBe(0)
    expect(await readdir(folder)).toHaveLength(2)
  })

  it('that is not there is not restored', async () => {
    const { ok, output } = await play('restore.yml', '-e', 'database_restore_file=/nowhere.dump')
    expect(ok).toBe(false)
    expect(output).toContain('The dump /nowhere.dump is not there')
  })

  it('is restored into an empty database, without the ratchets that are behind', async () => {
    const file = path.join(folder, (await dumps()).at(-1)!)
    const { ok, output } = await play('restore.yml', '-e', `database_restore_file=${file}`)
    expect([ok, output]).toEqual([true, expect.stringContaining('Deleted 1 sessions and sender keys of 1 instances')])
    expect(output).not.toContain('canary')
    await withClient(target.url, async (pool) => {
      expect((await pool.query('SELECT name FROM customers')).rows).toEqual([{ name: 'Kept customer' }])
      expect((await pool.query('SELECT type FROM session_keys')).rows).toEqual([{ type: 'pre-key' }])
      const granted = await pool.query("SELECT has_table_privilege('wharf_worker', 'session_keys', 'UPDATE') AS yes")
      expect(granted.rows).toEqual([{ yes: true }])
    })
  })

  it('is never restored over data', async () => {
    const file = path.join(folder, (await dumps()).at(-1)!)
    const { ok, output } = await play('restore.yml', '-e', `database_restore_file=${file}`)
    expect(ok).toBe(false)
    expect(output).toMatch(/has\s+\d+\s+tables, and nothing is ever restored over data/)
  })
})
