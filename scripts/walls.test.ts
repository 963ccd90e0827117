import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = path.dirname(import.meta.dirname)
const run = promisify(execFile)

/** Each wall, with an import that would break it and one that it must let through. */
const walls: [file: string, refused: string, allowed: string][] = [
  ['contracts/x.ts', 'hono', 'zod'],
  ['contracts/x.ts', '#core/ports/clock.ts', '#contracts/ids.ts'],
  ['core/x.ts', 'drizzle-orm', 'zod'],
  ['core/x.ts', 'node:crypto', '#contracts/ids.ts'],
  ['core/x.ts', '#db/schema/messages.ts', '#core/ports/clock.ts'],
  ['db/x.ts', 'hono', 'drizzle-orm'],
  ['db/x.ts', '@whiskeysockets/baileys', '#core/ports/clock.ts'],
  ['db/x.ts', '#worker-node/config.ts', 'pg'],
  ['edge/x.ts', 'node:fs', 'hono'],
  ['edge/x.ts', '#worker-node/config.ts', '#db/clients/neon-http.ts'],
  ['edge/x.ts', '@whiskeysockets/baileys', 'jose'],
  ['worker-node/x.ts', '#edge/main.ts', 'node:fs'],
  ['worker-node/x.ts', '@whiskeysockets/baileys', '#core/ports/driver.ts'],
  ['worker-node/x.ts', '#simulator/api.ts', 'pino'],
  ['worker-node/driver/baileys/x.ts', '#simulator/api.ts', '@whiskeysockets/baileys'],
  ['dashboard/x.ts', '#core/ports/clock.ts', '#contracts/ids.ts'],
  ['dashboard/x.ts', 'node:fs', 'react'],
  ['dashboard/build/x.ts', '#local/user-error.ts', 'node:zlib'],
  ['simulator/x.ts', '#contracts/ids.ts', '@whiskeysockets/baileys/WAProto/index.js'],
  ['simulator/x.ts', '@whiskeysockets/baileys', 'libsignal'],
  ['local/x.ts', '../edge/main.ts', '#edge/main.ts'],
]

let folder: string
/** What the linter refused, as file names; from one run over all planted files. */
let refusedFiles: Set<string>
let checkedFiles: number

const fileOf = (wall: number, kind: 'refused' | 'allowed') => {
  const [file] = walls[wall]!
  return path.join(path.dirname(file), `${kind}-${wall}.ts`)
}

// The rules run on a folder outside of the project with the project's configuration, so that nothing is planted in the work tree.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-walls-'))
  const config = JSON.parse(await readFile(path.join(root, '.oxlintrc.json'), 'utf8')) as Record<string, unknown>
  await writeFile(path.join(folder, '.oxlintrc.json'), JSON.stringify({ ...config, ignorePatterns: [] }))
  for (const [index, [, refused, allowed]] of walls.entries()) {
    for (const [kind, specifier] of [['refused', refused] as const, ['allowed', allowed] as const]) {
      const target = path.join(folder, fileOf(index, kind))
      await mkdir(path.dirname(target), { recursive: true })
      await writeFile(target, `import * as planted from '${specifier}'\nexport { planted }\n`)
    }
  }
  const oxlint = path.join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')
  // In the project the linter finds its type-aware part by itself; from elsewhere, as here, it looks for it in PATH.
  const env = { ...process.env, PATH: `${path.join(root, 'node_modules', '.bin')}:${process.env['PATH']}` }
  const output = await run(process.execPath, [oxlint, '--no-ignore', '--format', 'json', '.'], {
    cwd: folder,
    env,
  }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  )
  const report = JSON.parse(output) as {
    diagnostics: { code: string; filename: string }[]
    number_of_files: number
  }
  checkedFiles = report.number_of_files
  refusedFiles = new Set(
    report.diagnostics
      .filter((diagnostic) => diagnostic.code.includes('no-restricted-imports'))
      .map((diagnostic) => path.normalize(diagnostic.filename)),
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

test('the linter looked at every planted file', () => {
  expect(checkedFiles).toBe(walls.length * 2)
})

test.each(walls.map((wall, index) => [...wall, index] as const))(
  '%s may not import %s, and may import %s',
  (_file, _refused, _allowed, index) => {
    expect(refusedFiles).toContain(fileOf(index, 'refused'))
    expect(refusedFiles).not.toContain(fileOf(index, 'allowed'))
  },
)
