import { Link } from '@tanstack/react-router'
import type { z } from 'zod'
import type { auditViewSchema } from '#contracts/http/admins.ts'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Details } from '#dashboard/components/Details.tsx'
import { Time } from '#dashboard/components/Time.tsx'

export type AuditRow = z.output<typeof auditViewSchema>

export const auditColumns: Column<AuditRow>[] = [
  { id: 'when', header: 'When', cell: ({ row: { original } }) => <Time value={original.occurred_at} /> },
  {
    id: 'who',
    header: 'Who',
    cell: ({ row: { original } }) => (
      <div className="max-w-56 min-w-28 [overflow-wrap:anywhere]">
        {original.admin_email ?? (original.customer_id === null ? 'Nobody logged in' : 'The customer')}
        {original.address !== null && <p className="text-xs text-muted">{original.address}</p>}
      </div>
    ),
  },
  {
    id: 'action',
    header: 'Action',
    cell: ({ row: { original } }) => <code className="font-mono text-xs">{original.action}</code>,
  },
  { id: 'target', header: 'Target', cell: ({ row: { original } }) => <Target row={original} /> },
  {
    id: 'details',
    header: 'Details',
    minor: true,
    cell: ({ row: { original } }) => <Details details={original.details} />,
  },
  {
    id: 'request',
    header: 'Request',
    minor: true,
    cell: ({ row: { original } }) => (
      <code title={original.request_id} className="font-mono text-xs whitespace-nowrap text-muted">
        …{original.request_id.slice(-8)}
      </code>
    ),
  },
]

function Target({ row: { target, customer_id } }: { row: AuditRow }) {
  const id = <code className="font-mono text-xs break-all">{target ?? 'None'}</code>
  if (customer_id === null) return id
  return (
    <Link
      to="/customers/$customerId"
      params={{ customerId: customer_id }}
      className="text-accent-strong hover:underline"
    >
      {target === customer_id ? id : <span title={customer_id}>{id}</span>}
    </Link>
  )
}
