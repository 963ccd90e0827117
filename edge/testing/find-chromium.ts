import { existsSync } from 'node:fs'
import { findProgram } from '#local/testing/find-program.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** Words for whoever runs the tests without a browser. */
export const chromiumMissing =
  'No Chromium was found: set CHROMIUM_PATH to one, or install it (apt-get install chromium).'

/** The browser that CHROMIUM_PATH names, else the first of the usual names in PATH. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env['CHROMIUM_PATH'] !== undefined) return existsSync(env['CHROMIUM_PATH']) ? env['CHROMIUM_PATH'] : undefined
  return findProgram(names, env)
}
