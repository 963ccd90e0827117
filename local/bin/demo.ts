// `npm run demo`: the main job without a hand, on a fresh stack; exits 0 only if every step held.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { pairings, runDemo, type Pairing } from '#local/demo/run-demo.ts'
import { printProgress } from '#local/stack/progress.ts'
import { startStack } from '#local/stack/start-stack.ts'
import { runMain, UserError } from '#local/user-error.ts'

const help = `npm run demo [-- options]: pairs, sends, receives and verifies, step by step, on a stack of its own

  --pair qr|code  how the instance is linked to the virtual phone (qr)
  --refresh       WhatsApp asks the companion to renew itself in the middle of pairing by QR
  --help`

await runMain(async () => {
  const { pair, refresh, showHelp } = readArguments()
  if (showHelp) return console.log(help)

  const dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-demo-'))
  const progress = printProgress((line) => console.log(line))
  const startedAt = performance.now()
  let stop = () => Promise.resolve()
  const interrupt = () => void stop().finally(() => process.exit(130))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    console.log('Starting a fresh stack')
    const stack = await startStack({ dataDir }, progress)
    stop = () => stack.stop()
    console.log('The main job')
    await runDemo(stack, refresh ? 'refresh' : pair, progress)
    console.log(`All steps held (${((performance.now() - startedAt) / 1000).toFixed(1)} s).`)
  } finally {
    await stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})

function readArguments(): { pair: Pairing; refresh: boolean; showHelp: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        pair: { type: 'string', default: 'qr' },
        refresh: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    const pair = pairings.find((one) => one === values.pair)
    if (pair === undefined || pair === 'refresh') throw new Error('--pair takes qr or code.')
    if (values.refresh && pair === 'code') throw new Error('--refresh goes with pairing by QR.')
    return { pair, refresh: values.refresh, showHelp: values.help }
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${help}`)
  }
}
