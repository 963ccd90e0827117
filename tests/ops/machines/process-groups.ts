import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { waitFor } from '#local/testing/wait-for.ts'

/**
 * Control groups of a machine's own. systemd-nspawn makes its groups below that of its own process: two of them started from
 * the same one would share them, and the systemd of one machine would end processes of the other.
 */

/** Mixed hierarchies (a second one under `unified`) and the one of newer systems. */
export const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'].filter((folder) =>
  existsSync(path.join(folder, 'cgroup.procs')),
)

const groupPrefix = 'wharf-ops-'

/** Folders of the group, one per hierarchy: a process whose id is written to their `cgroup.procs` is in it. */
export async function makeGroup(name: string): Promise<string[]> {
  const folders = foldersOf(name)
  for (const folder of folders) await mkdir(folder, { recursive: true })
  return folders
}

/**
 * Ends what runs in the machine, at once. systemd-nspawn itself, which is beside that, then ends after it has tidied up; it
 * is ended too where the machine does not run yet.
 */
export async function endGroup(name: string): Promise<void> {
  for (const folder of foldersOf(name)) {
    const inside = await processesIn(path.join(folder, 'payload'))
    for (const id of inside.length > 0 ? inside : await processesIn(folder)) endProcess(id)
  }
}

/** Ends all that is in the group, and removes it and those below it. */
export async function removeGroup(name: string): Promise<void> {
  await endGroup(name)
  for (const folder of foldersOf(name)) {
    if (!existsSync(folder)) continue
    await waitFor(() => removeTree(folder), { what: `the processes in ${folder} to end`, timeoutMs: 20_000 })
  }
}

/** Names of the groups that are there. */
export async function groupNames(): Promise<string[]> {
  const names = await Promise.all(hierarchies.map((folder) => readdir(folder)))
  const groups = new Set(names.flat().filter((name) => name.startsWith(groupPrefix)))
  return [...groups].map((name) => name.slice(groupPrefix.length))
}

function foldersOf(name: string): string[] {
  return hierarchies.map((folder) => path.join(folder, groupPrefix + name))
}

/** Ids of the processes in a group and in those below it; none when there is no such group. */
async function processesIn(folder: string): Promise<number[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => [])
  const lists = files.filter((file) => path.basename(file) === 'cgroup.procs')
  const texts = await Promise.all(lists.map((file) => readFile(path.join(folder, file), 'utf8').catch(() => '')))
  return texts.flatMap((text) => text.split('\n').filter(Boolean).map(Number))
}

function endProcess(id: number): void {
  try {
    process.kill(id, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** rmdir alone works there: what a group's folder holds are not files. Throws while a process is in one. */
async function removeTree(folder: string): Promise<true> {
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) await removeTree(path.join(folder, entry.name))
  await rmdir(folder)
  return true
}
