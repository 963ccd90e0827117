import { useNavigate, useSearch } from '@tanstack/react-router'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Segments } from '#dashboard/components/Segments.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { StaleNote } from '#dashboard/components/StaleNote.tsx'
import { useGlobalMetrics } from '#dashboard/features/overview/api/use-global-metrics.ts'
import { Breakdowns } from './Breakdowns.tsx'
import { Charts } from './Charts.tsx'
import { Tiles } from './Tiles.tsx'

const ranges = [
  ['1h', '1 hour'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
] as const

export function OverviewPage() {
  const { range } = useSearch({ from: '/inside/' })
  const navigate = useNavigate({ from: '/' })
  const query = useGlobalMetrics(range)
  return (
    <>
      <PageHeader
        title="Overview"
        hint="The whole service, as it is now."
        actions={
          <Segments
            label="Time range"
            options={ranges}
            value={range}
            onChange={(next) => void navigate({ search: { range: next }, replace: true })}
          />
        }
      />
      {query.data === undefined ? (
        query.error === null ? (
          <Skeleton rows={10} />
        ) : (
          <ErrorState error={query.error} retry={() => void query.refetch()} />
        )
      ) : (
        <div className={`space-y-5 ${query.isPlaceholderData ? 'opacity-60' : ''}`}>
          <StaleNote error={query.error} />
          <Tiles metrics={query.data} />
          <Charts metrics={query.data} />
          <Breakdowns metrics={query.data} />
        </div>
      )}
    </>
  )
}
