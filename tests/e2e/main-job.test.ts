import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, test } from 'vitest'
import { pairings, runDemo } from '#local/demo/run-demo.ts'
import { runFleetDemo } from '#local/demo/run-fleet-demo.ts'
import { silentProgress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'

let dataDir: string
let stack: Stack
beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-e2e-'))
  stack = await startStack({ dataDir }, silentProgress)
})
afterAll(async () => {
  await stack?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test.each(pairings)(
  'paired by %s: a message goes from the API to a phone, and its answer comes back as a signed webhook',
  (pairing) => runDemo(stack, pairing, silentProgress),
)

test('an operator adds a server, moves an instance to it and empties it while messages flow', () =>
  runFleetDemo(stack, silentProgress))
