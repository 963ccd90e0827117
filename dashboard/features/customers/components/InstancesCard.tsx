import { Link } from '@tanstack/react-router'
import type { InstanceView } from '#contracts/http/instances.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { buttonClass } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { DataTable, type Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { Time } from '#dashboard/components/Time.tsx'

const columns: Column<InstanceView>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original } }) => (
      <div className="max-w-72 min-w-44">
        <Link
          to="/instances/$instanceId"
          params={{ instanceId: original.id }}
          className="font-medium text-accent-strong hover:underline"
        >
          <bdi>{original.name}</bdi>
        </Link>
        {original.reason_text !== null && <p className="text-xs text-muted">{original.reason_text}</p>}
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ row: { original } }) => <InstanceState state={original.state} />,
  },
  {
    id: 'number',
    header: 'Number',
    minor: true,
    cell: ({ row: { original } }) => <span className="tabular-nums">{original.phone_number ?? 'Not paired'}</span>,
  },
  {
    id: 'changed',
    header: 'In this state since',
    minor: true,
    cell: ({ row: { original } }) => <Time ago value={original.state_changed_at} />,
  },
]

/** The WhatsApp numbers of a customer and how they are. */
export function InstancesCard({ customerId, instances }: { customerId: CustomerId; instances: InstanceView[] }) {
  return (
    <Card
      title="Instances"
      hint="WhatsApp numbers; the newest 100."
      flush
      actions={
        instances.length > 0 && (
          <Link to="/instances" search={{ customer_id: customerId }} className={buttonClass()}>
            See them all
          </Link>
        )
      }
    >
      {instances.length === 0 ? (
        <EmptyState title="No instance yet.">
          The customer makes one with its key: <code className="font-mono">POST /api/v1/instances</code>.
        </EmptyState>
      ) : (
        <DataTable label="Instances" columns={columns} rows={instances} />
      )}
    </Card>
  )
}
