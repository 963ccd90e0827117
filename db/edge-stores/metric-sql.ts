import { sql, type SQL } from 'drizzle-orm'
import { noLatencies } from '#core/rules/latency.ts'

/** The classes of a column of latencies, each added up. */
export function latencySums(column: string): string {
  const sums = noLatencies().map((_none, index) => `coalesce(sum(${column}[${index + 1}]), 0)::int`)
  return `ARRAY[${sums.join(', ')}]`
}

/** Where each bucket of a series begins (`at`), and how long it is; the newest is not over. */
export function bucketsOf({ rangeMs, bucketMs }: { rangeMs: number; bucketMs: number }): { buckets: SQL; bucket: SQL } {
  const bucket = sql`${bucketMs} * interval '1 millisecond'`
  const origin = sql`timestamptz '2000-01-01T00:00:00Z'`
  const first = sql`date_bin(${bucket}, now() - ${rangeMs} * interval '1 millisecond', ${origin}) + ${bucket}`
  return {
    bucket,
    buckets: sql`SELECT generate_series(${first}, date_bin(${bucket}, now(), ${origin}), ${bucket}) AS at`,
  }
}
