/** The parts of the test runner's JSON report that are read here. */
export interface TestReport {
  testResults: FileResult[]
}

interface FileResult {
  /** Path of the file. */
  name: string
  /** Failed too when the file could not be loaded, or a hook around all of its tests failed. */
  status: string
  assertionResults: { status: string; ancestorTitles: string[]; title: string }[]
}

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

/** A file that failed without a test to blame counts as one failed test. */
export function countTests({ testResults }: TestReport): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, skipped: 0 }
  for (const { status, assertionResults } of testResults) {
    for (const test of assertionResults) {
      counts[test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped'] += 1
    }
    const blamed = assertionResults.some((test) => test.status === 'failed')
    if (status === 'failed' && !blamed) counts.failed += 1
  }
  return counts
}

/** Paths of the files in which something failed. */
export function failedFiles({ testResults }: TestReport): string[] {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name)
}

/** `file > suite > test` of all that failed; the file alone where no test is to blame. */
export function failedTests({ testResults }: TestReport): string[] {
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, assertionResults }) => {
      const tests = assertionResults.filter(({ status }) => status === 'failed')
      if (tests.length === 0) return [name]
      return tests.map(({ ancestorTitles, title }) => [name, ...ancestorTitles, title].join(' > '))
    })
}

/** The report with the files of a later one in the place of theirs. */
export function withLaterResults(first: TestReport, later: TestReport): TestReport {
  const repeated = new Map(later.testResults.map((result) => [result.name, result]))
  return { testResults: first.testResults.map((result) => repeated.get(result.name) ?? result) }
}
