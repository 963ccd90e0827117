// `npm run demo`: the main job without a hand, on a fresh stack; exits 0 only if every step held.
import { parseArgs } from 'node:util'
import { pairings, runDemo, type Pairing } from '#local/demo/run-demo.ts'
import { runOnFreshStack } from '#local/demo/run-on-fresh-stack.ts'
import { runMain, UserError } from '#local/user-error.ts'

const help = `npm run demo [-- options]: pairs, sends, receives and verifies, step by step, on a stack of its own

  --pair qr|code  how the instance is linked to the virtual phone (qr)
  --refresh       WhatsApp asks the companion to renew itself in the middle of pairing by QR
  --help`

await runMain(async () => {
  const { pair, refresh, showHelp } = readArguments()
  if (showHelp) return console.log(help)

  await runOnFreshStack('The main job', (stack, progress) => runDemo(stack, refresh ? 'refresh' : pair, progress))
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
