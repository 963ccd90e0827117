import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useStateChanges } from '#dashboard/features/instances/api/use-state-changes.ts'

/** The states that it has had, newest first, and why. */
export function HistoryCard({ instance }: { instance: FleetInstanceView }) {
  const history = useStateChanges(instance.id, instance.state_changed_at)
  return (
    <Card title="History" hint="States of the last 30 days, newest first." flush>
      {history.data === undefined ? (
        history.error === null ? (
          <Skeleton rows={4} />
        ) : (
          <ErrorState error={history.error} retry={() => void history.refetch()} />
        )
      ) : history.data.length === 0 ? (
        <EmptyState title="Nothing has happened to it yet." />
      ) : (
        <>
          <ol aria-label="History" className="divide-y divide-line">
            {history.data.map(({ id, state, reason_text, occurred_at }) => (
              <li key={id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2.5">
                <span className="w-28 shrink-0">
                  <InstanceState state={state} />
                </span>
                <span className="min-w-48 flex-1 text-muted">{reason_text}</span>
                <Time value={occurred_at} />
              </li>
            ))}
          </ol>
          {history.hasNextPage && (
            <div className="border-t border-line p-2 text-center">
              <Button kind="quiet" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
                Show older ones
              </Button>
            </div>
          )}
        </>
      )}
    </Card>
  )
}
