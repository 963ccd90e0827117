import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { projectRoot } from './bundle-edge.ts'

/** What the local stack takes from wrangler.toml, so that it runs the edge as production does. */
export interface WranglerConfig {
  compatibilityDate: string
  compatibilityFlags: string[]
  vars: Record<string, string>
  crons: string[]
}

/**
 * Reads the few settings of our own wrangler.toml. Wrangler itself could, but takes more than a second to load; a test
 * compares the two.
 */
export async function readWranglerConfig(file = path.join(projectRoot, 'wrangler.toml')): Promise<WranglerConfig> {
  const text = await readFile(file, 'utf8')
  const compatibilityDate = /^compatibility_date = "([\d-]+)"$/m.exec(text)?.[1]
  if (compatibilityDate === undefined) throw new Error(`${file} has no compatibility_date.`)
  const flags = /^compatibility_flags = \[(.*)\]$/m.exec(text)?.[1] ?? ''
  const crons = /^crons = \[(.*)\]$/m.exec(text)?.[1] ?? ''
  const vars = /^\[vars\]\n((?:[^[\n].*\n|\n)*)/m.exec(text)?.[1] ?? ''
  return {
    compatibilityDate,
    compatibilityFlags: stringsIn(flags),
    crons: stringsIn(crons),
    vars: Object.fromEntries(
      Array.from(vars.matchAll(/^(\w+) = "([^"]*)"$/gm), ([, name = '', value = '']) => [name, value]),
    ),
  }
}

function stringsIn(list: string): string[] {
  return Array.from(list.matchAll(/"([^"]+)"/g), ([, text = '']) => text)
}
