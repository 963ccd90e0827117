import type { Columns } from '#bench/benchmark.ts'

/** What the whole path is compared with, row by row: see docs/benchmarks.md. */
export const pathColumns: Columns = { raw: 'baseline', driver: 'whole path' }
