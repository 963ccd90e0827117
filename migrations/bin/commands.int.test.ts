import { execFile } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { openTestDatabase } from '#local/testing/test-databases.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

interface Ended {
  exitCode: number | null
  stdout: string
  stderr: string
}

function runCommand(name: 'migrate' | 'rollback' | 'status', args: string[], databaseUrl?: string): Promise<Ended> {
  const { DATABASE_URL: _ours, ...env } = process.env
  if (databaseUrl !== undefined) env['DATABASE_URL'] = databaseUrl
  const entry = path.join('migrations', 'bin', `${name}.ts`)
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', entry, ...args],
      { cwd: root, env },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode, stdout, stderr }),
    )
  })
}

describe('the commands of migrations', () => {
  const opened = openForSuite(() => openTestDatabase('pglite', { migrated: false }))

  it('migrate, tell the status and roll back', async () => {
    const { url } = opened()
    expect(await runCommand('status', [], url)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^pending {2}0001_customers\n/),
    })
    const migrated = await runCommand('migrate', [], url)
    expect(migrated).toMatchObject({ exitCode: 0, stderr: '' })
    expect(migrated.stdout).toMatch(/^applied 0001_customers\n/)
    expect(await runCommand('migrate', [], url)).toMatchObject({ stdout: 'The database is up to date.\n' })
    expect((await runCommand('rollback', ['--count', '2'], url)).stdout.match(/undone/g)).toHaveLength(2)
    expect(await runCommand('rollback', ['--all'], url)).toMatchObject({
      stdout: expect.stringMatching(/undone 0001_customers\n$/),
    })
    expect(await runCommand('rollback', [], url)).toMatchObject({ exitCode: 0, stdout: 'There is nothing to undo.\n' })
  })

  it.each(['migrate', 'rollback', 'status'] as const)('explain %s without a database', async (name) => {
    const { exitCode, stdout } = await runCommand(name, ['--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Usage: npm run db:${name}`)
  })

  it.each([
    ['without DATABASE_URL', 'migrate', [], undefined, /^DATABASE_URL is not set: [^\n]+\n$/],
    ['with nobody there', 'status', [], 'postgres://u:p@127.0.0.1:1/d', /^The database at 127.0.0.1:1 [^\n]+\n$/],
    ['with an unknown option', 'status', ['--fast'], 'postgres://u@h/d', /^Unknown option '--fast'[^\n]*\n$/],
    ['with a senseless count', 'rollback', ['--count=x'], 'postgres://u@h/d', /^--count must be [^\n]+\n$/],
  ] as const)('say one sentence %s', async (_, name, args, databaseUrl, sentence) => {
    const ended = await runCommand(name, [...args], databaseUrl)
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' })
    expect(ended.stderr).toMatch(sentence)
  })
})
