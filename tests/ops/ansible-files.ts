import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const root = path.dirname(path.dirname(import.meta.dirname))

export const ansibleFolder = path.join(root, 'ansible')

/** Files of ansible/ whose path below it matches, in order. */
export function ansibleFiles(pattern: RegExp): string[] {
  const all = readdirSync(ansibleFolder, { recursive: true, encoding: 'utf8' })
  return all.filter((file) => pattern.test(file)).toSorted()
}

/** A file of the project, by its path in it. */
export function readProjectFile(file: string): string {
  return readFileSync(path.join(root, file), 'utf8')
}
