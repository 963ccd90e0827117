import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { agree, generateKeyPair } from './key-pair.ts'

it('makes pairs that agree on one secret', () => {
  const [ours, theirs] = [generateKeyPair(), generateKeyPair()]
  expect(agree(ours, theirs.publicKey)).toEqual(agree(theirs, ours.publicKey))
  expect(agree({ ...ours }, theirs.publicKey)).toEqual(agree(ours, theirs.publicKey))
})

// In a process of its own, because one that waits for its own lock cannot be interrupted from within.
it('makes pairs through garbage collections without standing still', () => {
  const program = `
    import { generateKeyPair } from ${JSON.stringify(new URL('./key-pair.ts', import.meta.url).href)}
    for (let kept = [], n = 0; n < 20_000; n++) kept = n % 1_000 === 0 ? [] : [...kept.slice(-10), generateKeyPair()]
  `
  const args = ['--import', 'tsx', '--max-semi-space-size=1', '--input-type=module', '--eval', program]
  const { status, signal, stderr } = spawnSync(process.execPath, args, { timeout: 50_000, killSignal: 'SIGKILL' })
  expect({ status, signal, stderr: stderr.toString() }).toEqual({ status: 0, signal: null, stderr: '' })
}, 60_000)
