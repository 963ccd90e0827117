import { Link } from '@tanstack/react-router'
import type { FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { customerColumn, InstanceLink, sinceColumn } from '#dashboard/components/instance-cells.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { isMoving } from '#dashboard/features/instances/is-moving.ts'

export const instanceColumns: Column<FleetInstanceView>[] = [
  {
    id: 'name',
    header: 'Name',
    sort: { up: 'name', down: '-name' },
    cell: ({ row: { original } }) => (
      <div className="max-w-72 min-w-36 [overflow-wrap:anywhere]">
        <InstanceLink instance={original} />
        <p className="text-xs text-muted tabular-nums">{original.phone_number ?? 'Not paired'}</p>
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ row: { original } }) => (
      <div className="max-w-72">
        <InstanceState state={original.state} />
        {original.reason_text !== null && (
          <p className="mt-0.5 text-xs text-muted max-md:hidden">{original.reason_text}</p>
        )}
      </div>
    ),
  },
  customerColumn,
  {
    id: 'server',
    header: 'Server',
    minor: true,
    cell: ({ row: { original } }) => (
      <>
        <Link
          to="/servers/$serverId"
          params={{ serverId: original.server.id }}
          className="line-clamp-2 max-w-56 text-accent-strong hover:underline"
        >
          <bdi>{original.server.name}</bdi>
        </Link>
        {isMoving(original) && <p className="text-xs text-muted">moves there now</p>}
      </>
    ),
  },
  sinceColumn,
  {
    id: 'created',
    header: 'Made',
    minor: true,
    sort: { up: 'created_at', down: '-created_at' },
    cell: ({ row: { original } }) => <Time value={original.created_at} />,
  },
]
