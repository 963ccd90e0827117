import { expect, it } from 'vitest'
import { countProbes } from './count-probes.ts'

const passed = (...ancestorTitles: string[]) => ({ status: 'passed', ancestorTitles })

it('counts what passed of the suite of every route, and each route once', () => {
  const report = {
    testResults: [
      {
        name: '/wharf/edge/every-route.int.test.ts',
        assertionResults: [
          passed('GET /health'),
          passed('GET /health'),
          passed('POST /api/v1/instances'),
          { status: 'failed', ancestorTitles: ['GET /docs'] },
        ],
      },
      { name: '/wharf/edge/every-route-limits.test.ts', assertionResults: [passed('a stranger', 'GET /docs')] },
      { name: '/wharf/edge/docs.int.test.ts', assertionResults: [passed('GET /docs')] },
    ],
  }
  expect(countProbes(report)).toEqual({ routes: 3, probes: 4 })
})

it('is silent when that suite did not run', () => {
  expect(countProbes({ testResults: [{ name: '/wharf/a.test.ts', assertionResults: [passed('x')] }] })).toBeUndefined()
})
