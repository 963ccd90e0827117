/** Minutes at the end of the series that may not be counted yet: the present one, and the two before it. */
const uncountedMinutes = 3

/** The series without its end, whose buckets are not over or not counted and would look as if traffic had stopped. */
export function countedSeries<P>({ series, bucket_seconds }: { series: readonly P[]; bucket_seconds: number }): P[] {
  return series.slice(0, -Math.ceil((uncountedMinutes * 60) / bucket_seconds))
}
