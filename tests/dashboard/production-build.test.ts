import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildPhonePage } from '#local/dashboard/build-dashboard.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-build-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Names and texts of all files of a build. */
async function everythingOf(built: string): Promise<string> {
  const entries = await readdir(built, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name))
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  return [...files.map((file) => path.relative(built, file)), ...texts].join('\n')
}

test('the site that is deployed has the pairing page, and nothing of the virtual phones', async () => {
  const env = { ...process.env, NODE_ENV: 'production', API_ORIGIN: 'https://api.example.com' }
  await promisify(execFile)('npm', ['run', '--silent', 'build:dashboard', '--', '--outDir', folder], { env })
  const deployed = await everythingOf(folder)
  expect(deployed).toContain('/api/pair')
  const onlyLocal = ['/phone/api', 'Virtual phones', 'QR codes in sight']
  const local = await everythingOf(await buildPhonePage())
  for (const trace of onlyLocal) {
    expect(local).toContain(trace)
    expect(deployed).not.toContain(trace)
  }
})
