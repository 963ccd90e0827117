// Runs a TypeScript entry file in this process, after making sure that what package-lock.json names is installed.
// Plain JavaScript without dependencies: on a fresh clone nothing else could run yet.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
const [entry, ...args] = process.argv.slice(2)

function fail(sentence) {
  console.error(sentence)
  process.exit(1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Wharf needs Node 20.19 or newer; this is ${process.version}. Install a current LTS release and try again.`)
}
if (!entry || !existsSync(path.join(root, entry))) fail(`There is no entry file ${entry ?? '(none given)'}.`)

const stamp = path.join(root, 'node_modules', '.wharf-installed')
const wanted = createHash('sha256')
  .update(readFileSync(path.join(root, 'package-lock.json')))
  .digest('hex')
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''
if (installed !== wanted) {
  console.error('Installing packages (npm ci); this happens once and takes about a minute ...')
  const run = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (run.status !== 0) fail('npm ci failed: see its message above. Is the npm registry reachable?')
  writeFileSync(stamp, wanted)
}

const { register } = await import('tsx/esm/api')
register()
process.argv = [process.argv[0], path.join(root, entry), ...args]
await import(pathToFileURL(path.join(root, entry)).href)
