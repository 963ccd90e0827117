import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ServerMetricRange } from '#contracts/http/server-metrics.ts'
import type { ServerId } from '#contracts/ids.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { Segments } from '#dashboard/components/Segments.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { StaleNote } from '#dashboard/components/StaleNote.tsx'
import { useServerMetrics } from '#dashboard/features/servers/api/use-server-metrics.ts'
import { ServerCharts } from './ServerCharts.tsx'

const ranges = [
  ['1h', '1 hour'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
] as const satisfies (readonly [ServerMetricRange, string])[]

/** How the machine, its worker and the messages of its instances did over the chosen time. */
export function ServerMetricsCard({ serverId }: { serverId: ServerId }) {
  const { range } = useSearch({ from: '/inside/servers/$serverId' })
  const navigate = useNavigate({ from: '/servers/$serverId' })
  const query = useServerMetrics(serverId, range)
  return (
    <Card
      title="How it did"
      actions={
        <Segments
          label="Time range"
          options={ranges}
          value={range}
          onChange={(next) => void navigate({ search: (before) => ({ ...before, range: next }), replace: true })}
        />
      }
    >
      {query.data === undefined ? (
        query.error === null ? (
          <Skeleton rows={6} />
        ) : (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        )
      ) : (
        <div className={query.isPlaceholderData ? 'opacity-60' : ''}>
          <StaleNote error={query.error} />
          <ServerCharts metrics={query.data} />
        </div>
      )}
    </Card>
  )
}
