import { expect, test } from 'vitest'
import { countedSeries } from '#dashboard/lib/counted-series.ts'

const point = (at: string) => ({
  at,
  sent_per_minute: 1,
  received_per_minute: 1,
  failed_per_minute: 0,
  error_rate: 0,
  send_p95_ms: null,
})
const series = ['12:00', '12:15', '12:30', '12:45'].map((clock) => point(`2026-01-31T${clock}:00.000Z`))

test.each([
  { bucket_seconds: 60, left: 1 },
  { bucket_seconds: 900, left: 3 },
  { bucket_seconds: 7200, left: 3 },
])('buckets of $bucket_seconds s: $left of 4 are counted', ({ bucket_seconds, left }) => {
  expect(countedSeries({ series, bucket_seconds })).toEqual(series.slice(0, left))
})
