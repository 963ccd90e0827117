import { beforeAll, expect, it } from 'vitest'
import { routeTable } from '#edge/routes/route-table.ts'
import { openTestDatabase } from '#local/testing/test-databases.ts'
import { runFuzz, type FuzzReport } from './run-fuzz.ts'
import { tellFinding } from './tell-finding.ts'

/** A short form of `npm run test:fuzz`. */
const seed = 1
const requests = 1_000

let report: FuzzReport
beforeAll(async () => {
  report = await runFuzz({ routes: routeTable, database: await openTestDatabase('pglite'), seed, requests })
})

it(`gives no answer outside of its schema, and no 5xx, to ${requests} requests`, () => {
  expect(report.findings.map((finding) => tellFinding(finding, seed).join('\n'))).toEqual([])
})

it('asks every route, and is both let in and refused', () => {
  for (const [id, answers] of report.answers) {
    expect(
      Array.from(answers.values()).reduce((sum, count) => sum + count, 0),
      id,
    ).toBeGreaterThan(5)
  }
  const statuses = new Set(Array.from(report.answers.values()).flatMap((answers) => [...answers.keys()]))
  expect(Array.from(statuses)).toEqual(expect.arrayContaining([200, 201, 202, 204, 400, 401, 403, 404, 413, 415]))
})
