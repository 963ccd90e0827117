import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { postgresForRun } from '#local/testing/postgres-for-run.ts'
import { printFindings } from './check/print-findings.ts'
import { runFaults } from './run-faults.ts'

/** Of the whole run, on a machine that does other things too. */
const deadlineMs = 270_000

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'wharf-faults-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test(
  'killed, stopped and cut off, workers lose nothing, show nothing twice and keep every order',
  { timeout: deadlineMs + 30_000 },
  async () => {
    const lines: string[] = []
    const findings = await runFaults({
      messages: 200,
      kills: 3,
      others: 4,
      workers: 3,
      sessions: 4,
      chatsPerSession: 4,
      // `npm run test:faults` looks for others.
      seed: 20_261_125,
      maxFaultMs: 2_000,
      stallMs: 90_000,
      folder,
      postgres: await postgresForRun(),
      signal: AbortSignal.timeout(deadlineMs),
      print: (line) => lines.push(line),
    })
    expect(findings.violations, [...lines, ...printFindings(findings)].join('\n')).toEqual([])
    expect(findings.counts).toMatchObject({ accepted: 200, shown: 200, written: 200, received: 200 })
  },
)
