// `npm run test:fuzz`: requests of every kind to every route; exits 0 only if every answer was as promised.
import { routeTable } from '#edge/routes/route-table.ts'
import { probeOf } from '#edge/testing/route-probes.ts'
import { startTestPostgres } from '#local/testing/start-test-postgres.ts'
import { openDatabaseOn, openTestDatabase } from '#local/testing/test-databases.ts'
import { runMain } from '#local/user-error.ts'
import { help, readArguments } from '#tests/fuzz/read-arguments.ts'
import { runFuzz, type FuzzReport } from '#tests/fuzz/run-fuzz.ts'
import { tellFinding } from '#tests/fuzz/tell-finding.ts'

const toldFindings = 20
/** With fewer a route may be unlucky. */
const requestsThatReachAll = 20_000

await runMain(async () => {
  const asked = readArguments(process.argv.slice(2), Math.floor(Date.now() / 1_000))
  if (asked.action === 'help') return console.log(help)

  const { seed, requests } = asked
  const startedAt = performance.now()
  console.log(`Seed ${seed}, on ${process.env.TEST_DATABASE_URL ? 'PostgreSQL' : 'PGlite'}`)
  const postgres = process.env.TEST_DATABASE_URL ? await startTestPostgres() : undefined
  try {
    const database = await (postgres === undefined ? openTestDatabase('pglite') : openDatabaseOn(postgres))
    const progress = (done: number, findings: number) =>
      console.error(`  ${done} of ${requests} requests, ${findings} findings`)
    const report = await runFuzz({ routes: routeTable, database, seed, requests, progress })
    const unreached = requests < requestsThatReachAll ? [] : neverLetIn(report)
    for (const finding of report.findings.slice(0, toldFindings)) console.log(tellFinding(finding, seed).join('\n'))
    for (const id of unreached) console.log(`${id}: never answered well, so the fuzz proves little of it`)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    console.log(`fuzz: ${requests} requests to ${report.answers.size} routes in ${seconds} s: ${statusesOf(report)}`)
    console.log(`  ${report.findings.length} findings; seed ${seed}`)
    if (report.findings.length > 0 || unreached.length > 0) process.exitCode = 1
  } finally {
    await postgres?.stop()
  }
})

/** Routes whose good call never came through, though it can. */
function neverLetIn({ answers }: FuzzReport): string[] {
  const routes = routeTable.filter(({ contract }) => probeOf(contract).status < 300)
  return routes.flatMap(({ contract }) => {
    const statuses = [...(answers.get(contract.id)?.keys() ?? [])]
    return statuses.some((status) => status < 300) ? [] : [contract.id]
  })
}

/** `200: 12, 400: 3` of all routes. */
function statusesOf({ answers }: FuzzReport): string {
  const sums = new Map<number, number>()
  for (const counts of answers.values()) {
    for (const [status, count] of counts) sums.set(status, (sums.get(status) ?? 0) + count)
  }
  return Array.from(sums)
    .toSorted(([a], [b]) => a - b)
    .map(([status, count]) => `${status}: ${count}`)
    .join(', ')
}
