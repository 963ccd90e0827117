import type { TestReport } from './test-report.ts'

/** What the suite of every route tried, by the report of the test runner. */
export interface ProbeCount {
  routes: number
  probes: number
}

const suite = /[\\/]edge[\\/]every-route(-[a-z]+)?(\.int)?\.test\.ts$/
const routeTitle = /^(GET|POST|PUT|PATCH|DELETE) \//

/** Probes that passed, and how many routes they are of. Undefined when the suite did not run. */
export function countProbes({ testResults }: TestReport): ProbeCount | undefined {
  const passed = testResults
    .filter(({ name }) => suite.test(name))
    .flatMap(({ assertionResults }) => assertionResults.filter(({ status }) => status === 'passed'))
    .flatMap(({ ancestorTitles }) => ancestorTitles.filter((title) => routeTitle.test(title)))
  return passed.length === 0 ? undefined : { routes: new Set(passed).size, probes: passed.length }
}
