import { describe, expect, it } from 'vitest'
import { chromiumMissing, findChromium } from './find-chromium.ts'

const inCi = (process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false'

/** Suites that need a browser. Without one their reason is printed; on a checkout that must pass that is a failure. */
export function describeInChromium(name: string, suite: (chromium: string) => void): void {
  const chromium = findChromium()
  if (chromium !== undefined) {
    describe(name, () => suite(chromium))
    return
  }
  it(`${name}: has a browser to look with`, ({ skip }) => {
    process.stderr.write(`\n${name}: not looked at in a browser. ${chromiumMissing}\n`)
    skip(!inCi, chromiumMissing)
    expect.fail(chromiumMissing)
  })
}
