import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runProgram } from '#tests/ops/machines/run-program.ts'

/**
 * A folder as nodejs.org/dist: the release that the playbooks install. Its program comes from the npm registry, which has each
 * release as a package, its npm from this machine, since nodejs.org is not reached from everywhere that this is tried.
 */
export async function makeNodeMirror(folder: string, version: string, signal: AbortSignal): Promise<void> {
  const name = `node-v${version}-linux-${process.arch}`
  const place = path.join(folder, `v${version}`)
  const release = path.join(folder, name)
  const npm = path.join(release, 'lib/node_modules/npm')
  await mkdir(path.join(release, 'bin'), { recursive: true })
  await mkdir(path.dirname(npm), { recursive: true })
  await mkdir(place, { recursive: true })

  await runProgram(['npm', 'pack', '--silent', `node-linux-${process.arch}@${version}`], { cwd: folder, signal })
  const packed = readdirSync(folder).find((file) => file.endsWith('.tgz'))!
  const unpack = ['tar', '--extract', '--gzip', '--strip-components=1', '--file', packed]
  await runProgram([...unpack, '--directory', release, 'package/bin/node'], { cwd: folder, signal })
  const global = (await runProgram(['npm', 'root', '--global'], { signal })).trim()
  await runProgram(['cp', '--archive', path.join(global, 'npm'), npm], { signal })
  await symlink('../lib/node_modules/npm/bin/npm-cli.js', path.join(release, 'bin/npm'))

  const archive = path.join(place, `${name}.tar.xz`)
  // Fast rather than small: it goes over this machine's own network, twice.
  const pack = ['tar', '--create', '--xz', '--file', archive, '--directory', folder, name]
  await runProgram(pack, { env: { XZ_OPT: '-0 -T0' }, signal })
  const digest = createHash('sha256').update(readFileSync(archive)).digest('hex')
  await writeFile(path.join(place, 'SHASUMS256.txt'), `${digest}  ${name}.tar.xz\n`)
}
