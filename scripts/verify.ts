// `npm run verify`: format, lint, types, unit tests; every step runs, so that one run shows all that is wrong.
import { runCommand, runTool } from './run-step.ts'

const steps: [name: string, run: () => Promise<number>][] = [
  ['format', () => runTool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])],
  ['lint', () => runTool('oxlint/bin/oxlint', ['--type-aware', '--deny-warnings'])],
  ['types', () => runCommand(process.execPath, ['scripts/with-install.mjs', 'scripts/types.ts'])],
  ['unit tests', () => runTool('vitest/vitest.mjs', ['run', '--project', 'unit', '--reporter', 'dot'])],
]

if (process.argv.includes('--help')) {
  console.log(`npm run verify: ${steps.map(([name]) => name).join(', ')}. Takes no arguments.`)
  process.exit(0)
}

const failed: string[] = []
for (const [name, run] of steps) {
  const startedAt = performance.now()
  const code = await run()
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  console.log(`verify: ${name} ${code === 0 ? 'ok' : 'FAILED'} (${seconds} s)`)
  if (code !== 0) failed.push(name)
}
if (failed.length > 0) {
  console.error(`verify: failed: ${failed.join(', ')}. \`npm run format\` mends the format.`)
  process.exitCode = 1
}
