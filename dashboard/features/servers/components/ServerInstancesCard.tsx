import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import type { ServerId } from '#contracts/ids.ts'
import { Card } from '#dashboard/components/Card.tsx'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { customerColumn, InstanceLink, sinceColumn } from '#dashboard/components/instance-cells.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { useServerInstances } from '#dashboard/features/servers/api/use-server-instances.ts'
import { isMoving } from '#dashboard/features/servers/is-moving.ts'

const columnsOf = (serverId: ServerId): Column<FleetInstanceView>[] => [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original } }) => (
      <div className="max-w-72 min-w-40 [overflow-wrap:anywhere]">
        <InstanceLink instance={original} />
        <Passage instance={original} serverId={serverId} />
      </div>
    ),
  },
  { id: 'state', header: 'State', cell: ({ row: { original } }) => <InstanceState state={original.state} /> },
  customerColumn,
  {
    id: 'number',
    header: 'Number',
    minor: true,
    cell: ({ row: { original } }) => <span className="tabular-nums">{original.phone_number ?? 'Not paired'}</span>,
  },
  sinceColumn,
]

/** Where it comes from or goes to, while it is on its way. */
function Passage({ instance: { server, held_by }, serverId }: { instance: FleetInstanceView; serverId: ServerId }) {
  if (server.id !== serverId) return <p className="text-xs text-muted">leaves for {server.name}</p>
  if (held_by !== null && held_by.id !== serverId) {
    return <p className="text-xs text-muted">comes from {held_by.name}</p>
  }
  return null
}

/** What is placed there, and what it holds until it is handed over. */
export function ServerInstancesCard({ server }: { server: ServerView }) {
  const { page } = useSearch({ from: '/inside/servers/$serverId' })
  const navigate = useNavigate({ from: '/servers/$serverId' })
  const instances = useServerInstances(server.id, page, isMoving(server))
  const columns = useMemo(() => columnsOf(server.id), [server.id])
  const toPage = useCallback(
    (next: number) => void navigate({ search: (before) => ({ ...before, page: next }) }),
    [navigate],
  )
  return (
    <Card title="Instances" hint="Placed on this server, or still held by it." flush>
      <QueryTable
        label="Instances"
        query={instances}
        columns={columns}
        onPage={toPage}
        empty={
          <EmptyState title="No instance is on this server.">
            {server.status === 'active'
              ? 'New ones are placed where the most room is.'
              : 'It takes none until it is activated.'}
          </EmptyState>
        }
      />
    </Card>
  )
}
