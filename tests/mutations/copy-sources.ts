import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** What is made, fetched or private, and no source. */
const left = new Set(['node_modules', '.git', '.wharf', '.wrangler', 'dist', 'coverage'])

/** A copy of the sources that may be changed at will, with the packages of the original. */
export async function copySources(root: string): Promise<{ root: string; remove: () => Promise<void> }> {
  // The runner names files by their real path.
  const copy = await realpath(await mkdtemp(path.join(tmpdir(), 'wharf-mutations-')))
  await cp(root, copy, {
    recursive: true,
    filter: (source) => !left.has(path.relative(root, source).split(path.sep)[0] ?? ''),
  })
  await symlink(path.join(root, 'node_modules'), path.join(copy, 'node_modules'))
  return { root: copy, remove: () => rm(copy, { recursive: true, force: true }) }
}
