import { Link } from '@tanstack/react-router'
import type { CustomerView } from '#contracts/http/customers.ts'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Meter } from '#dashboard/components/Meter.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatWord } from '#dashboard/lib/format.ts'
import { CustomerStatus } from './CustomerStatus.tsx'

export const customerColumns: Column<CustomerView>[] = [
  {
    id: 'name',
    header: 'Name',
    sort: { up: 'name', down: '-name' },
    cell: ({ row: { original } }) => (
      <Link
        to="/customers/$customerId"
        params={{ customerId: original.id }}
        className="line-clamp-2 max-w-72 min-w-32 font-medium text-accent-strong hover:underline"
      >
        <bdi>{original.name}</bdi>
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ row: { original } }) => <CustomerStatus status={original.status} /> },
  { id: 'plan', header: 'Plan', minor: true, cell: ({ row: { original } }) => formatWord(original.plan) },
  {
    id: 'messages',
    header: 'Messages today',
    cell: ({ row: { original } }) => (
      <Meter compact label={`Messages today of ${original.name}`} {...original.usage.messages_today} />
    ),
  },
  {
    id: 'instances',
    header: 'Instances',
    minor: true,
    cell: ({ row: { original } }) => (
      <Meter compact label={`Instances of ${original.name}`} {...original.usage.instances} />
    ),
  },
  {
    id: 'created',
    header: 'Since',
    minor: true,
    sort: { up: 'created_at', down: '-created_at' },
    cell: ({ row: { original } }) => <Time value={original.created_at} />,
  },
]
