import { existsSync } from 'node:fs'
import path from 'node:path'

/** The first program of one of these names in PATH, as a whole path. */
export function findProgram(
  names: string | readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const folders = (env['PATH'] ?? '').split(path.delimiter)
  const all = typeof names === 'string' ? [names] : names
  return folders.flatMap((folder) => all.map((name) => path.join(folder, name))).find((file) => existsSync(file))
}
