import type { GlobalMetrics } from '#contracts/http/metrics.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { TimeChart } from '#dashboard/components/TimeChart.tsx'
import { countedSeries } from '#dashboard/lib/counted-series.ts'
import { formatOfRange } from '#dashboard/lib/format-of-range.ts'
import { formatDuration, formatNumber, formatShare } from '#dashboard/lib/format.ts'

/** Messages each way, what failed, and how long sending took, over the chosen time. */
export function Charts({ metrics }: { metrics: GlobalMetrics }) {
  const series = countedSeries(metrics)
  const shared = { moments: series.map(({ at }) => at), formatMoment: formatOfRange[metrics.range] }
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <div className="min-w-0 lg:col-span-2">
        <Card title="Messages per minute">
          <TimeChart
            {...shared}
            label="Messages per minute"
            format={formatNumber}
            lines={[
              { name: 'Sent', values: series.map(({ sent_per_minute }) => sent_per_minute) },
              { name: 'Received', values: series.map(({ received_per_minute }) => received_per_minute) },
            ]}
          />
        </Card>
      </div>
      <Card title="Failed" hint="Share of messages that ended, without cancelled ones.">
        <TimeChart
          {...shared}
          label="Share of messages that failed"
          format={formatShare}
          lines={[{ name: 'Failed', values: series.map(({ error_rate }) => error_rate), tone: 'bad' }]}
        />
      </Card>
      <Card title="Time until sent" hint="From accepted to with WhatsApp, for 95 of 100 messages.">
        <TimeChart
          {...shared}
          label="Time until sent"
          format={formatDuration}
          lines={[{ name: '95 of 100 within', values: series.map(({ send_p95_ms }) => send_p95_ms) }]}
        />
      </Card>
    </div>
  )
}
