import { Link } from '@tanstack/react-router'
import type { ServerView } from '#contracts/http/servers.ts'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Meter } from '#dashboard/components/Meter.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatNumber } from '#dashboard/lib/format.ts'
import { ServerHealthBadge, ServerStatusBadge } from './ServerBadges.tsx'

export const serverColumns: Column<ServerView>[] = [
  {
    id: 'name',
    header: 'Name',
    sort: { up: 'name', down: '-name' },
    cell: ({ row: { original } }) => (
      <div className="max-w-64 min-w-32 [overflow-wrap:anywhere]">
        <Link
          to="/servers/$serverId"
          params={{ serverId: original.id }}
          className="font-medium text-accent-strong hover:underline"
        >
          <bdi>{original.name}</bdi>
        </Link>
        <p className="text-xs text-muted">
          <bdi>{original.region}</bdi>
          {original.provider !== null && (
            <>
              {' '}
              · <bdi>{original.provider}</bdi>
            </>
          )}
        </p>
      </div>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ row: { original } }) => <ServerStatusBadge status={original.status} /> },
  { id: 'health', header: 'Health', cell: ({ row: { original } }) => <ServerHealthBadge server={original} /> },
  {
    id: 'utilisation',
    header: 'Instances',
    sort: { up: 'utilisation', down: '-utilisation' },
    cell: ({ row: { original } }) => (
      <Meter
        compact
        label={`Instances of ${original.name}`}
        used={original.instances.placed}
        limit={original.max_capacity}
      />
    ),
  },
  {
    id: 'connected',
    header: 'Connected',
    minor: true,
    cell: ({ row: { original } }) => (
      <span className="tabular-nums">
        {formatNumber(original.instances.connected)} of {formatNumber(original.instances.wanted)} that should
      </span>
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
