import type { ServerView } from '#contracts/http/servers.ts'
import { Badge, type Tone } from '#dashboard/components/Badge.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

const tones: Record<ServerView['status'], Tone> = {
  provisioning: 'accent',
  active: 'good',
  draining: 'warn',
  maintenance: 'warn',
  inactive: 'neutral',
  error: 'bad',
}

/** What an admin has made of it. */
export function ServerStatusBadge({ status }: Pick<ServerView, 'status'>) {
  return <Badge tone={tones[status]}>{formatWord(status)}</Badge>
}

/** How it is: whether a worker holds its lease, how the edge reaches it, and what it says of itself. */
export function ServerHealthBadge({ server: { enrolled_at, lease, health, edge_check } }: { server: ServerView }) {
  if (!lease.live) {
    return enrolled_at === null ? <Badge>No worker yet</Badge> : <Badge tone="bad">Worker is away</Badge>
  }
  if (lease.stopping) return <Badge tone="warn">Stopping</Badge>
  if (edge_check?.grade === 'unhealthy') return <Badge tone="bad">Out of reach</Badge>
  return health === 'healthy' && edge_check?.grade !== 'degraded' ? (
    <Badge tone="good">Healthy</Badge>
  ) : (
    <Badge tone="warn">Slow</Badge>
  )
}
