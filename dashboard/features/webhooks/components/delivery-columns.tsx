import type { DeliveryView } from '#contracts/http/webhooks.ts'
import { Button } from '#dashboard/components/Button.tsx'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatDuration, formatNumber } from '#dashboard/lib/format.ts'
import { DeliveryStatusBadge } from './DeliveryStatusBadge.tsx'

/** Without `replay` nothing can be sent again. */
export function deliveryColumns(
  show: (delivery: DeliveryView) => void,
  replay: ((delivery: DeliveryView) => void) | undefined,
): Column<DeliveryView>[] {
  return [
    { id: 'when', header: 'Happened', cell: ({ row: { original } }) => <Time value={original.event_timestamp} /> },
    {
      id: 'event',
      header: 'Event',
      cell: ({ row: { original } }) => (
        <div className="max-w-72 [overflow-wrap:anywhere]">
          <code className="font-mono text-xs whitespace-nowrap">{original.event_type}</code>
          <p className="font-mono text-xs whitespace-nowrap text-muted">…{original.event_id.slice(-8)}</p>
        </div>
      ),
    },
    { id: 'status', header: 'Status', cell: ({ row: { original } }) => <Standing delivery={original} /> },
    { id: 'answer', header: 'Last answer', cell: ({ row: { original } }) => <LastAnswer delivery={original} /> },
    {
      id: 'attempts',
      header: 'Attempts',
      cell: ({ row: { original } }) => (
        <button
          type="button"
          aria-label={`${formatNumber(original.attempt_count)} attempts of ${original.event_id}`}
          disabled={original.attempts.length === 0}
          onClick={() => show(original)}
          className="min-h-8 min-w-8 rounded text-left text-accent-strong tabular-nums hover:underline disabled:text-muted disabled:no-underline"
        >
          {formatNumber(original.attempt_count)}
        </button>
      ),
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">Actions</span>,
      cell: ({ row: { original } }) => (
        <div className="text-right">
          {replay !== undefined && (original.status === 'delivered' || original.status === 'dead') && (
            <Button onClick={() => replay(original)}>Replay</Button>
          )}
        </div>
      ),
    },
  ]
}

function Standing({ delivery: { status, next_attempt_at } }: { delivery: DeliveryView }) {
  return (
    <>
      <DeliveryStatusBadge status={status} />
      {next_attempt_at !== null && (
        <p className="mt-1 text-xs text-muted">
          due <Time ago value={next_attempt_at} />
        </p>
      )}
    </>
  )
}

function LastAnswer({ delivery: { attempts } }: { delivery: DeliveryView }) {
  const last = attempts.at(-1)
  if (last === undefined) return <span className="text-muted">Not tried yet</span>
  return (
    <div className="max-w-64 [overflow-wrap:anywhere]">
      <span className="tabular-nums">{last.status ?? last.error}</span>
      <p className="text-xs text-muted">after {formatDuration(last.duration_ms)}</p>
    </div>
  )
}
