import type { Benchmark, Columns, Goal, Row } from '#bench/benchmark.ts'
import type { Sizes } from '#bench/sizes.ts'
import type { Machine } from './machine.ts'
import { spreadOf, type Spread } from './spread.ts'

/** A row with its spreads. The ratio is driver divided by raw, round by round, or by the only round of raw. */
export interface ReportedRow extends Row {
  spread: { raw: Spread; driver: Spread; ratio: Spread }
  /** Undefined without a goal. */
  goalMet: boolean | undefined
}

export interface ReportedBenchmark {
  name: string
  columns: Columns
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
  /** Null when every benchmark that was asked for stands in it. */
  endedEarly: { during: string; why: string } | null
  machine: Machine
  database: string
  benchmarks: ReportedBenchmark[]
}

const driverColumns: Columns = { raw: 'raw Baileys', driver: 'driver' }

export function reportBenchmark(
  { name, columns = driverColumns, what, often }: Benchmark,
  sizes: Sizes,
  rows: readonly Row[],
  seconds: number,
): ReportedBenchmark {
  return { name, columns, what, often: often(sizes), seconds, rows: rows.map(reportRow) }
}

function reportRow(row: Row): ReportedRow {
  const ratios = row.driver.map((value, round) => value / (row.raw[round] ?? row.raw[0] ?? Number.NaN))
  const spread = { raw: spreadOf(row.raw), driver: spreadOf(row.driver), ratio: spreadOf(ratios) }
  return { ...row, spread, goalMet: row.goal && isMet(row.goal, spread) }
}

function isMet(goal: Goal, spread: ReportedRow['spread']): boolean {
  const { median } = spread[goal.of]
  return 'atMost' in goal ? median <= goal.atMost : median >= goal.atLeast
}
