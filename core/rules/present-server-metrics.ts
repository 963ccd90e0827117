import { serverMetricRanges, type ServerMetricRange, type ServerMetricsView } from '#contracts/http/server-metrics.ts'
import type { ServerMetricsPoint } from '#core/ports/server-metrics.ts'
import { quantileMs } from './latency.ts'

export function presentServerMetrics(
  points: readonly ServerMetricsPoint[],
  range: ServerMetricRange,
): ServerMetricsView {
  const { bucketMs } = serverMetricRanges[range]
  const perSecond = (count: number | null) => count && rounded(count / (bucketMs / 1_000))
  const perMinute = (count: number) => rounded(count / (bucketMs / 60_000))
  return {
    range,
    bucket_seconds: bucketMs / 1_000,
    series: points.map((point) => ({
      at: point.at.toISOString(),
      cpu: point.cpu,
      memory: point.memory,
      disk: point.disk,
      network_in_per_second: perSecond(point.networkIn),
      network_out_per_second: perSecond(point.networkOut),
      event_loop_lag_ms: point.eventLoopLagMs,
      sessions: point.sessions,
      sent_per_minute: perMinute(point.sent),
      received_per_minute: perMinute(point.received),
      failed_per_minute: perMinute(point.failed),
      send_p50_ms: quantileMs(point.latency, 0.5),
      send_p95_ms: quantileMs(point.latency, 0.95),
      send_p99_ms: quantileMs(point.latency, 0.99),
    })),
  }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
