// `npm run verify`: format, lint, types, unit tests. Every step runs, so that one run shows all that is wrong; two lanes,
// because two cores are the least that a machine has.
import { runCommand, runTool, type Outcome } from './run-step.ts'

type Step = [name: string, run: () => Promise<Outcome>]

const capture = { capture: true }
const lanes: Step[][] = [
  [
    ['format', () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'], capture)],
    ['lint', () => runTool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings'], capture)],
    ['types', () => runCommand(process.execPath, ['scripts/with-install.mjs', 'scripts/types.ts'], capture)],
  ],
  [['unit tests', () => runTool('vitest/vitest.mjs', ['run', '--project', 'unit*', '--maxWorkers=2'], capture)]],
]

if (process.argv.includes('--help')) {
  const names = lanes.flat().map(([name]) => name)
  console.log(`npm run verify: ${names.join(', ')}. Takes no arguments.`)
  process.exit(0)
}

const failed: string[] = []

async function runLane(steps: Step[]): Promise<void> {
  for (const [name, run] of steps) {
    const startedAt = performance.now()
    const { code, output } = await run()
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    if (code !== 0) {
      failed.push(name)
      console.log(output)
    }
    console.log(`verify: ${name} ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`)
  }
}

await Promise.all(lanes.map(runLane))
if (failed.length > 0) {
  console.error(`verify: failed: ${failed.join(', ')}. \`npm run format\` mends the format.`)
  process.exitCode = 1
}
