import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { postgresForRun } from '#local/testing/postgres-for-run.ts'
import { printFindings } from './check/print-findings.ts'
import { crashPointNames } from './crash-points/crash-points.ts'
import { runCrashPoints } from './crash-points/run-crash-points.ts'

const deadlineMs = 270_000

/** They wait for a lease or an outage to end, and have tests of their own: see docs/fault-rig.md. */
const onlyInTheLongForm = ['O10', 'I9']

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-faults-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test(
  'killed at each named point once, everything arrives once and in order',
  { timeout: deadlineMs + 30_000 },
  async () => {
    const lines: string[] = []
    const { results, findings } = await runCrashPoints({
      points: crashPointNames.filter((name) => !onlyInTheLongForm.includes(name)),
      times: 1,
      workers: 2,
      sessions: 4,
      seed: 1,
      folder,
      postgres: await postgresForRun(),
      signal: AbortSignal.timeout(deadlineMs),
      print: (line) => lines.push(line),
    })
    const report = [...lines, ...printFindings(findings)].join('\n')
    expect(
      results.flatMap(({ failures }) => failures),
      report,
    ).toEqual([])
    expect(findings.violations, report).toEqual([])
  },
)
