import { alertKinds } from '#contracts/alerts.ts'
import { metricRanges, type GlobalMetrics, type MetricRange } from '#contracts/http/metrics.ts'
import { instanceStates } from '#contracts/instance-states.ts'
import type { MessageCounts, ServiceOverview } from '#core/ports/service-metrics.ts'
import { quantileMs } from './latency.ts'

/** Minutes of `recent`. */
const recentMinutes = 5

export function presentMetrics(overview: ServiceOverview, range: MetricRange): GlobalMetrics {
  const { customers, servers, alerts, recent, series } = overview
  const { bucketMs } = metricRanges[range]
  const byState = instanceStates.map((state) => [state, overview.instances[state] ?? 0] as const)
  const countOf = (matches: (alert: ServiceOverview['alerts'][number]) => boolean) =>
    alerts.filter((alert) => matches(alert)).reduce((sum, { count }) => sum + count, 0)
  return {
    customers,
    instances: {
      total: byState.reduce((sum, [, count]) => sum + count, 0),
      by_state: Object.fromEntries(byState) as GlobalMetrics['instances']['by_state'],
    },
    servers,
    alerts: {
      open: countOf(({ acknowledged }) => !acknowledged),
      acknowledged: countOf(({ acknowledged }) => acknowledged),
      critical: countOf(({ kind }) => alertKinds[kind].severity === 'critical'),
    },
    messages: ratesOf(recent, recentMinutes),
    range,
    bucket_seconds: bucketMs / 1_000,
    series: series.map(({ at, ...counts }) => ({ at: at.toISOString(), ...ratesOf(counts, bucketMs / 60_000) })),
  }
}

function ratesOf({ sent, received, failed, latency }: MessageCounts, minutes: number): GlobalMetrics['messages'] {
  const perMinute = (count: number) => Math.round((count / minutes) * 100) / 100
  return {
    sent_per_minute: perMinute(sent),
    received_per_minute: perMinute(received),
    failed_per_minute: perMinute(failed),
    error_rate: sent + failed === 0 ? null : failed / (sent + failed),
    send_p95_ms: quantileMs(latency, 0.95),
  }
}
