import { expect, it } from 'vitest'
import { countTests, failedFiles, failedTests, withLaterResults, type TestReport } from './test-report.ts'

const test = (status: string, title = 'works') => ({ status, ancestorTitles: ['a suite'], title })
const file = (name: string, status: string, ...assertionResults: ReturnType<typeof test>[]) => ({
  name,
  status,
  assertionResults,
})
const report: TestReport = {
  testResults: [
    file('good.test.ts', 'passed', test('passed'), test('skipped'), test('todo'), test('pending')),
    file('bad.test.ts', 'failed', test('passed'), test('failed', 'breaks')),
    file('unloadable.test.ts', 'failed', test('skipped')),
  ],
}

it('counts tests, and a file that failed as a whole', () => {
  expect(countTests(report)).toEqual({ passed: 2, failed: 2, skipped: 4 })
})

it('names what failed', () => {
  expect(failedFiles(report)).toEqual(['bad.test.ts', 'unloadable.test.ts'])
  expect(failedTests(report)).toEqual(['bad.test.ts > a suite > breaks', 'unloadable.test.ts'])
})

it('takes the later results of a file for its own', () => {
  const later: TestReport = {
    testResults: [
      file('bad.test.ts', 'passed', test('passed'), test('passed')),
      file('unloadable.test.ts', 'failed', test('failed')),
    ],
  }
  expect(countTests(withLaterResults(report, later))).toEqual({ passed: 3, failed: 1, skipped: 3 })
})
