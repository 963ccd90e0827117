import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ApiKeyView } from '#contracts/http/api-keys.ts'
import type { CustomerDetail } from '#contracts/http/customers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { DataTable, type Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { CreateKeyDialog } from './CreateKeyDialog.tsx'

/** A customer's keys that open something; never their secrets. */
export function KeysCard({ customer: { id, api_keys: keys } }: { customer: CustomerDetail }) {
  const mayChange = useMay('admin')
  const { revokeKey } = useCustomerChanges()
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKeyView>()
  const columns = useMemo(() => keyColumns(mayChange ? setRevoking : undefined), [mayChange])
  return (
    <Card
      flush
      title="API keys"
      actions={
        mayChange && (
          <Button onClick={() => setCreating(true)}>
            <Plus aria-hidden /> New key
          </Button>
        )
      }
    >
      {keys.length === 0 ? (
        <EmptyState title="No key opens this account.">Make one, or the customer cannot call the API.</EmptyState>
      ) : (
        <DataTable label="API keys" columns={columns} rows={keys} />
      )}
      <CreateKeyDialog open={creating} onOpenChange={setCreating} customerId={id} />
      <ConfirmDialog
        open={revoking !== undefined}
        onOpenChange={() => setRevoking(undefined)}
        danger
        title="Revoke this key?"
        action="Revoke"
        run={async () => {
          if (revoking === undefined) return
          await revokeKey(id, revoking.id)
          notify(`The key ${revoking.name} is revoked.`)
        }}
      >
        The next request with <bdi>{revoking?.name}</bdi> (<code className="font-mono">{revoking?.public_id}</code>) is
        refused. A revoked key cannot be brought back.
      </ConfirmDialog>
    </Card>
  )
}

function keyColumns(onRevoke: ((key: ApiKeyView) => void) | undefined): Column<ApiKeyView>[] {
  const columns: Column<ApiKeyView>[] = [
    {
      id: 'name',
      header: 'Name',
      cell: ({ row: { original } }) => (
        <div className="max-w-60 min-w-32">
          <bdi className="font-medium">{original.name}</bdi>
          <p className="font-mono text-xs text-muted">…_{original.public_id}_…</p>
        </div>
      ),
    },
    {
      id: 'scopes',
      header: 'Scopes',
      minor: true,
      cell: ({ row: { original } }) => <span className="text-xs text-muted">{original.scopes.join(', ')}</span>,
    },
    {
      id: 'expires',
      header: 'Expires',
      cell: ({ row: { original } }) => (original.expires_at === null ? 'Never' : <Time value={original.expires_at} />),
    },
    {
      id: 'created',
      header: 'Made',
      minor: true,
      cell: ({ row: { original } }) => <Time value={original.created_at} />,
    },
  ]
  if (onRevoke === undefined) return columns
  return [
    ...columns,
    {
      id: 'actions',
      header: () => <span className="sr-only">Actions</span>,
      cell: ({ row: { original } }) => (
        <div className="text-right">
          <Button kind="quiet" aria-label={`Revoke ${original.name}`} onClick={() => onRevoke(original)}>
            Revoke
          </Button>
        </div>
      ),
    },
  ]
}
