// `npm test [-- vitest arguments]`: runs the suites and closes with lines of counts taken from the runner's report.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { countProbes, type TestReport } from './count-probes.ts'
import { root, runTool } from './run-step.ts'

const report = path.join(root, '.wharf', 'test-report.json')

interface Report extends TestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
}

mkdirSync(path.dirname(report), { recursive: true })
rmSync(report, { force: true })
const args = process.argv.slice(2)
const { code } = await runTool('vitest/vitest.mjs', [
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
  ...args,
])
process.exitCode = code
if (!existsSync(report)) {
  console.error('The test runner left no report, so nothing is known to have passed.')
  process.exitCode = 1
} else {
  const counts = JSON.parse(readFileSync(report, 'utf8')) as Report
  if (counts.numPassedTests === 0) process.exitCode = 1
  const probed = countProbes(counts)
  if (probed !== undefined) console.log(`security: ${probed.routes} routes, ${probed.probes} probes passed`)
  const skipped = counts.numPendingTests + counts.numTodoTests
  console.log(`tests: ${counts.numPassedTests} passed, ${counts.numFailedTests} failed, ${skipped} skipped`)
}
