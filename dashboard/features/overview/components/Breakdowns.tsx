import { Link } from '@tanstack/react-router'
import type { GlobalMetrics } from '#contracts/http/metrics.ts'
import { instanceStates } from '#contracts/instance-states.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { Breakdown } from './Breakdown.tsx'

/** Instances by their states and servers by their health. */
export function Breakdowns({ metrics: { instances, servers } }: { metrics: GlobalMetrics }) {
  const states = instanceStates.map((state) => ({
    key: state,
    name: (
      <Link to="/instances" search={{ state }} className="hover:underline">
        <InstanceState state={state} />
      </Link>
    ),
    count: instances.by_state[state],
  }))
  const healths = [
    { key: 'healthy', name: <Badge tone="good">Healthy</Badge>, count: servers.healthy },
    { key: 'degraded', name: <Badge tone="warn">Slow</Badge>, count: servers.degraded },
    { key: 'down', name: <Badge tone="bad">Worker is away</Badge>, count: servers.down },
    { key: 'other', name: <Badge>Not in service</Badge>, count: servers.other },
  ]
  return (
    <div className="grid gap-5 lg:grid-cols-2">
      <Card title="Instances by state">
        {instances.total === 0 ? (
          <EmptyState title="No instance yet.">Customers make them with their keys.</EmptyState>
        ) : (
          <Breakdown parts={states} />
        )}
      </Card>
      <Card
        title="Servers by health"
        actions={
          <Link to="/servers" className="text-accent-strong hover:underline">
            All servers
          </Link>
        }
      >
        {healths.every(({ count }) => count === 0) ? (
          <EmptyState title="There is no server yet.">Instances need a server to run on.</EmptyState>
        ) : (
          <Breakdown parts={healths} />
        )}
      </Card>
    </div>
  )
}
