import type { ServerMetricRange } from '#contracts/http/server-metrics.ts'
import { formatClock, formatDayAndClock } from './format.ts'

/** How the moments of a chart are written, by the time that it shows. */
export const formatOfRange: Record<ServerMetricRange, (iso: string) => string> = {
  '1h': formatClock,
  '24h': formatClock,
  '7d': formatDayAndClock,
  '30d': formatDayAndClock,
}
