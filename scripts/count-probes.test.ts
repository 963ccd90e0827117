import { expect, it } from 'vitest'
import { countProbes } from './count-probes.ts'

const test = (status: string, ...ancestorTitles: string[]) => ({ status, ancestorTitles, title: 'holds' })
const passed = (...ancestorTitles: string[]) => test('passed', ...ancestorTitles)

it('counts what passed of the suite of every route, and each route once', () => {
  const report = {
    testResults: [
      {
        name: '/wharf/edge/every-route.int.test.ts',
        status: 'failed',
        assertionResults: [
          passed('GET /health'),
          passed('GET /health'),
          passed('POST /api/v1/instances'),
          test('failed', 'GET /docs'),
        ],
      },
      {
        name: '/wharf/edge/every-route-limits.test.ts',
        status: 'passed',
        assertionResults: [passed('a stranger', 'GET /docs')],
      },
      { name: '/wharf/edge/docs.int.test.ts', status: 'passed', assertionResults: [passed('GET /docs')] },
    ],
  }
  expect(countProbes(report)).toEqual({ routes: 3, probes: 4 })
})

it('is silent when that suite did not run', () => {
  expect(
    countProbes({ testResults: [{ name: '/wharf/a.test.ts', status: 'passed', assertionResults: [passed('x')] }] }),
  ).toBeUndefined()
})
