import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { postgresForRun } from '#local/testing/postgres-for-run.ts'
import { printFindings } from './check/print-findings.ts'
import type { CrashPointName } from './crash-points/crash-points.ts'
import { runCrashPoints } from './crash-points/run-crash-points.ts'

const deadlineMs = 270_000

/**
 * Those at which something is durable on one side and unknown to the other, and which only whole processes can show. Killed
 * before anything was durable (O1, O4, O5, I1, I2), or where another test is quicker, is for the long form: docs/fault-rig.md.
 */
const points: readonly CrashPointName[] = ['O2', 'O11', 'O6', 'O7', 'I3', 'I4', 'I6', 'I7']

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-faults-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('killed at the named points, everything arrives once and in order', { timeout: deadlineMs + 30_000 }, async () => {
  const lines: string[] = []
  const { results, findings } = await runCrashPoints({
    points,
    times: 1,
    workers: 2,
    sessions: 2,
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
})
