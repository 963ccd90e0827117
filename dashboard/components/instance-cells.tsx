import { Link } from '@tanstack/react-router'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { Column } from './DataTable.tsx'
import { Time } from './Time.tsx'

const linkClass = 'text-accent-strong hover:underline'

/** Its name, and the way to it. */
export function InstanceLink({ instance: { id, name } }: { instance: FleetInstanceView }) {
  return (
    <Link to="/instances/$instanceId" params={{ instanceId: id }} className={`font-medium ${linkClass}`}>
      <bdi>{name}</bdi>
    </Link>
  )
}

export const customerColumn: Column<FleetInstanceView> = {
  id: 'customer',
  header: 'Customer',
  cell: ({ row: { original } }) => (
    <Link
      to="/customers/$customerId"
      params={{ customerId: original.customer.id }}
      className={`line-clamp-2 max-w-56 [overflow-wrap:anywhere] ${linkClass}`}
    >
      <bdi>{original.customer.name}</bdi>
    </Link>
  ),
}

export const sinceColumn: Column<FleetInstanceView> = {
  id: 'changed',
  header: 'In this state since',
  minor: true,
  cell: ({ row: { original } }) => <Time ago value={original.state_changed_at} />,
}
