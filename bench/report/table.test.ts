import { expect, test } from 'vitest'
import type { Benchmark, Row } from '#bench/benchmark.ts'
import { quickSizes } from '#bench/sizes.ts'
import { reportBenchmark, type Report } from './report.ts'
import { printReport } from './table.ts'

const benchmark: Benchmark = {
  name: 'send',
  what: 'CPU of a send',
  often: ({ rounds }) => `${rounds} rounds`,
  run: async () => [],
}

function reportOf(rows: Row[]): Report {
  return {
    startedAt: '2026-11-23T04:55:01.000Z',
    seconds: 12.4,
    quick: false,
    endedEarly: null,
    machine: {
      cpu: 'A CPU',
      cores: 2,
      memoryGb: 8,
      os: 'linux 6',
      loadBefore: 0.1,
      node: 'v20',
      baileys: '7',
      libsignal: '6',
    },
    database: 'PostgreSQL 18',
    benchmarks: [reportBenchmark(benchmark, quickSizes, rows, 1)],
  }
}

const send: Row = {
  metric: 'CPU per send',
  unit: 'ms',
  raw: [1, 2, 4],
  driver: [1.5, 5, 4],
  goal: { of: 'ratio', atMost: 2 },
}

test('the ratio is taken round by round, and its median is held against the goal', () => {
  const [row] = reportOf([send]).benchmarks[0]!.rows
  expect(row!.spread.ratio).toEqual({ min: 1, median: 1.5, max: 2.5 })
  expect(row!.goalMet).toBe(true)
})

test('a goal of the driver alone is held against its own median', () => {
  const [row] = reportOf([{ ...send, goal: { of: 'driver', atMost: 3.9 } }]).benchmarks[0]!.rows
  expect(row!.goalMet).toBe(false)
})

test('a goal can be a least, and a figure can have nothing to be compared with', () => {
  const rate: Row = { metric: 'rate', unit: '/s', raw: [], driver: [390, 410], goal: { of: 'driver', atLeast: 400 } }
  const report = reportOf([rate])
  expect(report.benchmarks[0]!.rows[0]!.goalMet).toBe(true)
  expect(printReport(report)).toMatch(/\| rate \(\/s\) +\| +\| 400 \(390 to 410\) +\| +\| ≥ 400 \/s \| ok/)
})

test('says that it is partial, and where it ended', () => {
  const partial = { ...reportOf([send]), endedEarly: { during: 'curve', why: 'SIGTERM' } }
  expect(printReport(partial)).toContain('\nPARTIAL: ended during curve: SIGTERM\n')
  expect(printReport(reportOf([send]))).not.toContain('PARTIAL')
})

test('prints a table in Markdown that says what was measured, how often and where', () => {
  const printed = printReport(reportOf([send, { ...send, metric: 'X25519', unit: 'us', goal: undefined }]))
  expect(printed).toContain('2026-11-23 04:55 UTC, 12 s\n')
  expect(printed).toContain('A CPU, 2 cores, 8 GB')
  expect(printed).toContain(
    '| send      | CPU per send (ms) | 2.00 (1.00 to 4.00) | 4.00 (1.50 to 5.00) | 1.50x (1.00 to 2.50) | ≤ 2.00x | ok  |',
  )
  expect(printed).toContain('|           | X25519 (µs)')
  expect(printed).toContain('send: CPU of a send. 2 rounds.')
})
