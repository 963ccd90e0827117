// `npm test [-- [--second-try] [vitest arguments]]`: runs the suites and closes with lines of counts taken from the runner's
// report.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { countProbes } from './count-probes.ts'
import { root, runTool } from './run-step.ts'
import { countTests, failedFiles, failedTests, withLaterResults, type TestReport } from './test-report.ts'

const reportFile = path.join(root, '.wharf', 'test-report.json')
/** Where more files fail, it is not the neighbours of a test that disturbed it. */
const mostFilesAgain = 4

/** Undefined when the runner left no report. */
async function runTests(args: string[]): Promise<{ code: number; report: TestReport | undefined }> {
  mkdirSync(path.dirname(reportFile), { recursive: true })
  rmSync(reportFile, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const { code } = await runTool('vitest/vitest.mjs', ['run', ...reporters, ...args])
  const report = existsSync(reportFile) ? (JSON.parse(readFileSync(reportFile, 'utf8')) as TestReport) : undefined
  return { code, report }
}

const args = process.argv.slice(2)
const first = await runTests(args.filter((arg) => arg !== '--second-try'))
let { code, report } = first
const again = report === undefined ? [] : failedFiles(report)
const disturbed: string[] = []

// Suites that drive real processes share two cores in a whole run. What fails there and holds by itself is told, not hidden.
if (args.includes('--second-try') && report !== undefined && again.length > 0 && again.length <= mostFilesAgain) {
  console.log(`\nsecond try: what failed runs again by itself (files: ${again.length})`)
  const second = await runTests(again.map((file) => path.relative(root, file)))
  if (second.report !== undefined) {
    const still = new Set(failedTests(second.report))
    disturbed.push(...failedTests(report).filter((test) => !still.has(test)))
    report = withLaterResults(report, second.report)
    code = second.code
  }
}

process.exitCode = code
if (report === undefined) {
  console.error('The test runner left no report, so nothing is known to have passed.')
  process.exitCode = 1
} else {
  const { passed, failed, skipped } = countTests(report)
  if (passed === 0) process.exitCode = 1
  for (const test of disturbed) console.log(`second try: held only by itself: ${path.relative(root, test)}`)
  const probed = countProbes(report)
  if (probed !== undefined) console.log(`security: ${probed.routes} routes, ${probed.probes} probes passed`)
  console.log(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped`)
}
