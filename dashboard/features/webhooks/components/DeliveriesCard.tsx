import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { eventTypes } from '#contracts/events.ts'
import type { DeliveryView } from '#contracts/http/webhooks.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { DataTable } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { FilterBar, FilterSelect } from '#dashboard/components/Filters.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { StaleNote } from '#dashboard/components/StaleNote.tsx'
import { useReplay } from '#dashboard/features/webhooks/api/replay-deliveries.ts'
import { useDeliveries } from '#dashboard/features/webhooks/api/use-deliveries.ts'
import type { WebhookPlace } from '#dashboard/features/webhooks/api/use-webhook.ts'
import { AttemptsDialog } from './AttemptsDialog.tsx'
import { deliveryColumns } from './delivery-columns.tsx'

const statuses = [
  ['pending', 'Pending'],
  ['delivered', 'Delivered'],
  ['dead', 'Given up'],
  ['dropped', 'Dropped'],
] as const
const types = eventTypes.map((type) => [type, type] as const)

/** What was or will be sent to an endpoint, with its answers. */
export function DeliveriesCard({ place, mayReplay }: { place: WebhookPlace; mayReplay: boolean }) {
  const search = useSearch({ from: '/inside/customers/$customerId/webhooks/$webhookId' })
  const navigate = useNavigate({ from: '/customers/$customerId/webhooks/$webhookId' })
  const { data, error, isPlaceholderData, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = useDeliveries(
    place,
    search,
  )
  const replay = useReplay(place)
  const [shown, setShown] = useState<DeliveryView>()
  const [replaying, setReplaying] = useState<DeliveryView>()
  const columns = useMemo(() => deliveryColumns(setShown, mayReplay ? setReplaying : undefined), [mayReplay])
  const rows = useMemo(() => data?.pages.flatMap((page) => page.data) ?? [], [data])
  const filtered = search.status !== undefined || search.event_type !== undefined

  return (
    <Card title="Deliveries" hint="Events on their way to this endpoint, newest first." flush>
      <FilterBar>
        <FilterSelect
          label="Status"
          all="Any status"
          value={search.status}
          options={statuses}
          onChange={(status) => void navigate({ search: { ...search, status } })}
        />
        <FilterSelect
          label="Event"
          all="Any event"
          value={search.event_type}
          options={types}
          onChange={(event_type) => void navigate({ search: { ...search, event_type } })}
        />
      </FilterBar>
      {data === undefined || (error !== null && isPlaceholderData) ? (
        error === null ? (
          <Skeleton rows={6} />
        ) : (
          <ErrorState error={error} retry={() => void refetch()} />
        )
      ) : rows.length === 0 ? (
        <EmptyState title={filtered ? 'No delivery fits these filters.' : 'Nothing was sent to it yet.'} />
      ) : (
        <>
          <StaleNote error={error} />
          <DataTable label="Deliveries" columns={columns} rows={rows} busy={isPlaceholderData} />
          {hasNextPage && (
            <div className="flex justify-center border-t border-line p-3">
              <Button busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                Show older
              </Button>
            </div>
          )}
        </>
      )}
      {shown !== undefined && <AttemptsDialog delivery={shown} onClose={() => setShown(undefined)} />}
      <ConfirmDialog
        open={replaying !== undefined}
        onOpenChange={() => setReplaying(undefined)}
        title="Send this event again?"
        action="Replay"
        run={async () => {
          if (replaying === undefined) return
          await replay.one(replaying.event_id)
          notify('The event is due again.')
        }}
      >
        <code className="font-mono text-xs">{replaying?.event_type}</code> is sent once more under the same{' '}
        <code className="font-mono text-xs">webhook-id</code>, with the whole schedule of retries. An endpoint that
        remembers ids skips what it knows.
      </ConfirmDialog>
    </Card>
  )
}
