import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { AdminView } from '#contracts/http/admins.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { Button } from '#dashboard/components/Button.tsx'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useAdmins } from '#dashboard/features/admins/api/use-admins.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { AdminActions } from './AdminActions.tsx'
import { CreateAdminDialog } from './CreateAdminDialog.tsx'

const columns: Column<AdminView>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original } }) => (
      <div className="max-w-72">
        <bdi className="font-medium">{original.name}</bdi>
        <p className="text-xs [overflow-wrap:anywhere] text-muted">{original.email}</p>
      </div>
    ),
  },
  { id: 'role', header: 'Role', cell: ({ row: { original } }) => formatWord(original.role) },
  {
    id: 'status',
    header: 'Status',
    cell: ({ row: { original } }) =>
      original.disabled_at === null ? <Badge tone="good">Active</Badge> : <Badge tone="bad">Disabled</Badge>,
  },
  {
    id: 'totp',
    header: 'Authenticator app',
    minor: true,
    cell: ({ row: { original } }) =>
      original.totp_enabled ? <Badge tone="good">Set up</Badge> : <Badge tone="warn">Not set up</Badge>,
  },
  {
    id: 'created',
    header: 'Since',
    minor: true,
    cell: ({ row: { original } }) => <Time value={original.created_at} />,
  },
  {
    id: 'actions',
    header: () => <span className="sr-only">Actions</span>,
    cell: ({ row: { original } }) => (
      <div className="text-right">
        <AdminActions admin={original} />
      </div>
    ),
  },
]

export function AdminsPage() {
  const { page } = useSearch({ from: '/inside/admins' })
  const navigate = useNavigate({ from: '/admins' })
  const [creating, setCreating] = useState(false)
  const admins = useAdmins(page)
  const toPage = useCallback((next: number) => void navigate({ search: { page: next } }), [navigate])
  return (
    <>
      <PageHeader
        title="Admins"
        hint="The people who run the service, and what each may do."
        actions={
          <Button kind="primary" onClick={() => setCreating(true)}>
            <Plus aria-hidden /> New admin
          </Button>
        }
      />
      <div className="rounded-lg border border-line bg-surface">
        <QueryTable
          label="Admins"
          query={admins}
          columns={columns}
          onPage={toPage}
          empty={<EmptyState title="There is no admin." />}
        />
      </div>
      <CreateAdminDialog open={creating} onOpenChange={setCreating} />
    </>
  )
}
