import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'

// In a process of its own, because one that waits for its own lock cannot be interrupted from within.
it('makes keys through garbage collections without standing still', () => {
  const program = `
    import { generateX25519 } from ${JSON.stringify(new URL('./x25519.ts', import.meta.url).href)}
    for (let kept = [], n = 0; n < 20_000; n++) kept = n % 1_000 === 0 ? [] : [...kept.slice(-10), generateX25519()]
  `
  const args = ['--import', 'tsx', '--max-semi-space-size=1', '--input-type=module', '--eval', program]
  const { status, signal, stderr } = spawnSync(process.execPath, args, { timeout: 50_000, killSignal: 'SIGKILL' })
  expect({ status, signal, stderr: stderr.toString() }).toEqual({ status: 0, signal: null, stderr: '' })
}, 60_000)
