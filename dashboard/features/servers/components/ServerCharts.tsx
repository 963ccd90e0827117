import type { ServerMetricsView } from '#contracts/http/server-metrics.ts'
import { TimeChart, type Line } from '#dashboard/components/TimeChart.tsx'
import { countedSeries } from '#dashboard/lib/counted-series.ts'
import { formatOfRange } from '#dashboard/lib/format-of-range.ts'
import { formatDuration, formatNumber, formatShare } from '#dashboard/lib/format.ts'

type Figure = Exclude<keyof ServerMetricsView['series'][number], 'at'>

interface Chart {
  title: string
  format: (value: number) => string
  lines: readonly (readonly [name: string, figure: Figure, tone?: 'bad'])[]
}

const charts: readonly Chart[] = [
  {
    title: 'Processor and memory',
    format: formatShare,
    lines: [
      ['Processor', 'cpu'],
      ['Memory', 'memory'],
    ],
  },
  { title: 'Disk', format: formatShare, lines: [['Full', 'disk']] },
  { title: 'Lag of the event loop', format: formatDuration, lines: [['99 of 100 within', 'event_loop_lag_ms']] },
  { title: 'Sessions', format: formatNumber, lines: [['Connected', 'sessions']] },
  {
    title: 'Messages per minute',
    format: formatNumber,
    lines: [
      ['Sent', 'sent_per_minute'],
      ['Received', 'received_per_minute'],
    ],
  },
  { title: 'Failed per minute', format: formatNumber, lines: [['Failed', 'failed_per_minute', 'bad']] },
]

/** A chart for each thing that can run short, and for what the instances there did. */
export function ServerCharts({ metrics }: { metrics: ServerMetricsView }) {
  const series = countedSeries(metrics)
  const moments = series.map(({ at }) => at)
  const lineOf = ([name, figure, tone]: Chart['lines'][number]): Line => {
    return { name, values: series.map((point) => point[figure]), ...(tone === undefined ? {} : { tone }) }
  }
  return (
    <div className="grid gap-x-8 gap-y-7 lg:grid-cols-2">
      {charts.map(({ title, format, lines }) => (
        <div key={title} className="min-w-0">
          <h3 className="mb-2 font-medium">{title}</h3>
          <TimeChart
            label={title}
            moments={moments}
            formatMoment={formatOfRange[metrics.range]}
            format={format}
            lines={lines.map(lineOf)}
            empty="Its worker told nothing in this time."
          />
        </div>
      ))}
    </div>
  )
}
