import { Link } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { WebhookView } from '#contracts/http/webhooks.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { DataTable, type Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useWebhooks } from '#dashboard/features/webhooks/api/use-webhooks.ts'
import { WebhookBadges } from './WebhookBadges.tsx'

const columnsOf = (customerId: CustomerId): Column<WebhookView>[] => [
  {
    id: 'url',
    header: 'Address',
    cell: ({ row: { original } }) => (
      <div className="max-w-md min-w-40 [overflow-wrap:anywhere]">
        <Link
          to="/customers/$customerId/webhooks/$webhookId"
          params={{ customerId, webhookId: original.id }}
          className="font-medium text-accent-strong hover:underline"
        >
          <bdi>{original.url}</bdi>
        </Link>
        {original.description !== null && (
          <p className="text-xs text-muted">
            <bdi>{original.description}</bdi>
          </p>
        )}
      </div>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ row: { original } }) => <WebhookBadges webhook={original} /> },
  {
    id: 'events',
    header: 'Events',
    minor: true,
    cell: ({ row: { original } }) => <span className="text-xs text-muted">{eventsOf(original)}</span>,
  },
  { id: 'created', header: 'Made', minor: true, cell: ({ row: { original } }) => <Time value={original.created_at} /> },
]

/** Which events it is told. */
export function eventsOf({ events }: WebhookView): string {
  return events.includes('*') ? 'All' : events.join(', ')
}

/** Where a customer is told about events, and how well that goes. */
export function WebhooksCard({ customerId }: { customerId: CustomerId }) {
  const { data, error, refetch } = useWebhooks(customerId)
  const columns = useMemo(() => columnsOf(customerId), [customerId])
  return (
    <Card title="Webhooks" hint="Endpoints that are told about events." flush>
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={2} />
        ) : (
          <ErrorState error={error} retry={() => void refetch()} />
        )
      ) : data.length === 0 ? (
        <EmptyState title="No webhook endpoint.">
          The customer makes one with its key: <code className="font-mono">POST /api/v1/webhooks</code>.
        </EmptyState>
      ) : (
        <DataTable label="Webhooks" columns={columns} rows={data} />
      )}
    </Card>
  )
}
