import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#local/edge/bundle-edge.ts'

interface Site {
  /** Its folder in the cache. */
  name: string
  /** What it is made of, each relative to the project; the first holds its vite.config.ts. */
  sources: readonly [string, ...string[]]
}

/** The dashboard for one origin with the API, as the local stack serves it; resolves to its folder. */
export function buildLocalDashboard(): Promise<string> {
  return build({ name: 'dashboard', sources: ['dashboard', 'contracts'] })
}

/** The page of the virtual phones, which the local stack alone serves. It borrows the dashboard's looks. */
export function buildPhonePage(): Promise<string> {
  return build({ name: 'phone', sources: ['local/phone/page', 'dashboard', 'contracts'] })
}

/** Built only when its sources have changed since the last time: a start that has it already takes no second longer. */
async function build({ name, sources }: Site): Promise<string> {
  const cache = path.join(projectRoot, '.wharf', name)
  const folder = path.join(cache, await hashOf(sources))
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  await runVite(path.join(projectRoot, sources[0], 'vite.config.ts'), unfinished)
  await rename(unfinished, folder).catch(async (error: unknown) => {
    // Another process was faster.
    if (!existsSync(folder)) throw error
    await rm(unfinished, { recursive: true })
  })
  await removeOthers(cache, path.basename(folder))
  return folder
}

/** In a process of its own: the surroundings of this one, such as a test's NODE_ENV, would make another build. */
async function runVite(configFile: string, outDir: string): Promise<void> {
  const vite = path.join(projectRoot, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = ['build', '--config', configFile, '--mode', 'same-origin', '--logLevel', 'error', '--outDir', outDir]
  const env = { ...process.env, NODE_ENV: 'production' }
  try {
    await promisify(execFile)(process.execPath, [vite, ...args], { cwd: projectRoot, env })
  } catch (error) {
    throw new Error(
      `The pages of ${path.dirname(configFile)} were not built.\n${(error as { stderr?: string }).stderr ?? ''}`,
      { cause: error },
    )
  }
}

async function hashOf(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256').update(await readFile(path.join(projectRoot, 'package-lock.json')))
  for (const source of sources) {
    const entries = await readdir(path.join(projectRoot, source), { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => path.join(parentPath, name))
    for (const file of files.toSorted())
      hash.update(`\0${file.slice(projectRoot.length)}\0`).update(await readFile(file))
  }
  return hash.digest('hex').slice(0, 16)
}

/** Nobody reads them any more: whoever serves a build holds its files in memory. Unfinished ones are left alone. */
async function removeOthers(cache: string, kept: string): Promise<void> {
  await mkdir(cache, { recursive: true })
  const others = (await readdir(cache)).filter((name) => name !== kept && !name.includes('.'))
  await Promise.all(others.map((name) => rm(path.join(cache, name), { recursive: true, force: true })))
}
