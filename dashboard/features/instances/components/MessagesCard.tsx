import { useNavigate, useSearch } from '@tanstack/react-router'
import type { InstanceId } from '#contracts/ids.ts'
import { messageStatuses } from '#contracts/message-status.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { DataTable } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { FilterBar, FilterSelect } from '#dashboard/components/Filters.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { useMessages } from '#dashboard/features/instances/api/use-messages.ts'
import type { InstanceSearch } from '#dashboard/features/instances/instances-search.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { messageColumns } from './message-columns.tsx'

const directions = [
  ['outbound', 'Sent by it'],
  ['inbound', 'Received'],
] as const
const statuses = messageStatuses.map((status) => [status, formatWord(status)] as const)

/** What was written, newest first. */
export function MessagesCard({ instanceId }: { instanceId: InstanceId }) {
  const search = useSearch({ from: '/inside/instances/$instanceId' })
  const navigate = useNavigate({ from: '/instances/$instanceId' })
  const messages = useMessages(instanceId, search)
  const go = (next: Partial<InstanceSearch>) => void navigate({ search: { ...search, cursor: undefined, ...next } })
  const filtered = search.direction !== undefined || search.status !== undefined
  const older = messages.data?.meta.next_cursor ?? undefined
  return (
    <Card title="Messages" hint="Kept for 90 days." flush>
      <FilterBar>
        <FilterSelect
          label="Direction"
          all="Both directions"
          value={search.direction}
          options={directions}
          onChange={(direction) => go({ direction })}
        />
        <FilterSelect
          label="Status"
          all="Any status"
          value={search.status}
          options={statuses}
          onChange={(status) => go({ status })}
        />
      </FilterBar>
      {messages.data === undefined || (messages.error !== null && messages.isPlaceholderData) ? (
        messages.error === null ? (
          <Skeleton rows={6} />
        ) : (
          <ErrorState error={messages.error} retry={() => void messages.refetch()}>
            {search.cursor !== undefined && <Button onClick={() => go({})}>To the newest</Button>}
          </ErrorState>
        )
      ) : messages.data.data.length === 0 ? (
        <EmptyState
          title={filtered || search.cursor !== undefined ? 'No message fits.' : 'Nothing was written yet.'}
          action={
            (filtered || search.cursor !== undefined) && (
              <Button onClick={() => void navigate({ search: {} })}>All, from the newest</Button>
            )
          }
        />
      ) : (
        <>
          <DataTable
            label="Messages"
            columns={messageColumns}
            rows={messages.data.data}
            busy={messages.isPlaceholderData}
          />
          {(older !== undefined || search.cursor !== undefined) && (
            <nav aria-label="Pages of messages" className="flex justify-end gap-2 border-t border-line px-4 py-2.5">
              <Button kind="quiet" disabled={search.cursor === undefined} onClick={() => go({})}>
                Newest
              </Button>
              <Button kind="quiet" disabled={older === undefined} onClick={() => go({ cursor: older })}>
                Older
              </Button>
            </nav>
          )}
        </>
      )}
    </Card>
  )
}
