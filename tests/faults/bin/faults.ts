// `npm run test:faults`: traffic both ways under faults on a stack of its own; exits 0 only if every promise held.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startTestPostgres } from '#local/testing/start-test-postgres.ts'
import { runMain } from '#local/user-error.ts'
import { printFindings } from '#tests/faults/check/print-findings.ts'
import { runCrashPoints } from '#tests/faults/crash-points/run-crash-points.ts'
import { help, readArguments } from '#tests/faults/read-arguments.ts'
import { checkFolder, runFaults } from '#tests/faults/run-faults.ts'

const print = (line: string) => console.log(line)

await runMain(async () => {
  const asked = readArguments(process.argv.slice(2))
  if (asked.what === 'help') return print(help)
  if (asked.what === 'check') {
    const findings = await checkFolder(asked.folder)
    for (const line of printFindings(findings)) print(line)
    if (findings.violations.length > 0) process.exitCode = 1
    return
  }

  const interrupted = new AbortController()
  const interrupt = () => interrupted.abort(new Error('Interrupted.'))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const folder = asked.keep ?? (await mkdtemp(path.join(tmpdir(), 'wharf-faults-')))
  const postgres = await startTestPostgres()
  let held = false
  try {
    const signal = AbortSignal.any([interrupted.signal, AbortSignal.timeout(asked.deadlineMs)])
    print(`Seed ${asked.options.seed}`)
    const shared = { ...asked.options, folder, postgres, signal, print }
    if (asked.points === undefined) {
      const findings = await runFaults(shared)
      for (const line of printFindings(findings)) print(line)
      held = findings.violations.length === 0
    } else {
      const { results, findings } = await runCrashPoints({ ...shared, points: asked.points, times: asked.times })
      for (const line of printFindings(findings)) print(line)
      held = findings.violations.length === 0 && results.every(({ failures }) => failures.length === 0)
    }
  } finally {
    await postgres.stop()
    if (held && asked.keep === undefined) await rm(folder, { recursive: true, force: true })
    else print(`Histories and logs: ${folder}`)
    print(held ? 'All promises held.' : `NOT held. Again: ${asked.again}`)
    if (!held) process.exitCode = 1
  }
})
