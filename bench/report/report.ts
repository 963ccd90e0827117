import type { Benchmark, Goal, Row } from '#bench/benchmark.ts'
import type { Sizes } from '#bench/sizes.ts'
import type { Machine } from './machine.ts'
import { spreadOf, type Spread } from './spread.ts'

/** A row with its spreads. The ratio is driver divided by raw, round by round. */
export interface ReportedRow extends Row {
  spread: { raw: Spread; driver: Spread; ratio: Spread }
  /** Undefined without a goal. */
  goalMet: boolean | undefined
}

export interface ReportedBenchmark {
  name: string
  what: string
  often: string
  seconds: number
  rows: ReportedRow[]
}

/** Everything that a run found, as it stands in the JSON file. */
export interface Report {
  startedAt: string
  seconds: number
  quick: boolean
  machine: Machine
  database: string
  benchmarks: ReportedBenchmark[]
}

export function reportBenchmark(
  { name, what, often }: Benchmark,
  sizes: Sizes,
  rows: readonly Row[],
  seconds: number,
): ReportedBenchmark {
  return { name, what, often: often(sizes), seconds, rows: rows.map(reportRow) }
}

function reportRow(row: Row): ReportedRow {
  const ratios = row.driver.map((value, round) => value / (row.raw[round] ?? Number.NaN))
  const spread = { raw: spreadOf(row.raw), driver: spreadOf(row.driver), ratio: spreadOf(ratios) }
  return { ...row, spread, goalMet: row.goal && isMet(row.goal, spread) }
}

function isMet({ of, atMost }: Goal, spread: ReportedRow['spread']): boolean {
  return spread[of].median <= atMost
}
