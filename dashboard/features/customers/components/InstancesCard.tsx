import type { InstanceView } from '#contracts/http/instances.ts'
import { Badge, type Tone } from '#dashboard/components/Badge.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { DataTable, type Column } from '#dashboard/components/DataTable.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

const tones: Record<InstanceView['state'], Tone> = {
  created: 'neutral',
  starting: 'accent',
  pairing: 'accent',
  connecting: 'accent',
  connected: 'good',
  disconnected: 'warn',
  stopped: 'neutral',
  logged_out: 'warn',
  banned: 'bad',
  failed: 'bad',
}

const columns: Column<InstanceView>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: ({ row: { original } }) => (
      <div className="max-w-72 min-w-44">
        <bdi className="font-medium">{original.name}</bdi>
        {original.reason_text !== null && <p className="text-xs text-muted">{original.reason_text}</p>}
      </div>
    ),
  },
  {
    id: 'state',
    header: 'State',
    cell: ({ row: { original } }) => <Badge tone={tones[original.state]}>{formatWord(original.state)}</Badge>,
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
export function InstancesCard({ instances }: { instances: InstanceView[] }) {
  return (
    <Card title="Instances" hint="WhatsApp numbers; the newest 100." flush>
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
