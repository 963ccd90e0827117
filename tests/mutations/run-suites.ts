import { spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'

/** What one test file came to. */
export interface SuiteResult {
  file: string
  passed: number
  /** Full names of the tests that failed. */
  failed: string[]
  /** The file could not even be loaded, or its set-up failed: nothing is known of its tests. */
  broken: string | undefined
}

const reportSchema = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

/** Runs test files of the sources below `root` and reads the runner's own report. One result per file, in their order. */
export async function runSuites(root: string, files: readonly string[]): Promise<SuiteResult[]> {
  const report = path.join(root, 'mutation-report.json')
  await rm(report, { force: true })
  const output = await runVitest(root, [...files, '--reporter=json', `--outputFile=${report}`])
  const text = await readFile(report, 'utf8').catch(() => undefined)
  if (text === undefined) throw new Error(`The test runner left no report:\n${output.slice(-2_000)}`)
  const { testResults } = reportSchema.parse(JSON.parse(text))
  return files.map((file) => {
    const result = testResults.find(({ name }) => path.resolve(name) === path.join(root, file))
    if (result === undefined) return { file, passed: 0, failed: [], broken: 'the runner did not find it' }
    const named = (status: string) =>
      result.assertionResults.filter((one) => one.status === status).map(({ fullName }) => fullName)
    const [passed, failed] = [named('passed'), named('failed')]
    const broken = passed.length + failed.length === 0 || (result.status === 'failed' && failed.length === 0)
    return {
      file,
      passed: passed.length,
      failed,
      broken: broken ? result.message.split('\n')[0] || 'no test ran' : undefined,
    }
  })
}

function runVitest(root: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const entry = path.join(root, 'node_modules/vitest/vitest.mjs')
    const child = spawn(process.execPath, [entry, 'run', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    const stop = () => child.kill()
    process.once('exit', stop)
    let output = ''
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    child.on('error', reject)
    child.on('close', () => {
      process.off('exit', stop)
      resolve(output)
    })
  })
}
