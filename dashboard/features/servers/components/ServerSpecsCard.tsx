import type { ReactNode } from 'react'
import type { ServerView } from '#contracts/http/servers.ts'
import { checkReasons } from '#contracts/server-checks.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { Facts } from '#dashboard/components/Facts.tsx'
import { Meter } from '#dashboard/components/Meter.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatNumber } from '#dashboard/lib/format.ts'

/** What the machine is, how full it is, and how it is from both sides. */
export function ServerSpecsCard({ server }: { server: ServerView }) {
  const { instances } = server
  const facts: [string, ReactNode][] = [
    ['Address', <bdi key="url">{server.url}</bdi>],
    ['IP address', server.ip_address],
    ['Provider', server.provider === null ? null : <bdi key="provider">{server.provider}</bdi>],
    ['CPUs', server.cpu_cores],
    ['Memory', server.ram_gb === null ? null : `${formatNumber(server.ram_gb)} GB`],
    ['Cost per month', server.cost_per_month === null ? null : formatNumber(server.cost_per_month)],
    ['Version of the worker', server.worker_version],
    ['Enrolled', server.enrolled_at === null ? null : <Time key="enrolled" value={server.enrolled_at} />],
    ['Added', <Time key="added" value={server.created_at} />],
  ]
  return (
    <Card title="Machine">
      <div className="grid gap-x-10 gap-y-6 md:grid-cols-[16rem_minmax(0,1fr)]">
        <div className="space-y-4">
          <Meter label="Instances" used={instances.placed} limit={server.max_capacity} />
          <Meter
            label="Connected, of those that should be"
            used={instances.connected}
            limit={instances.wanted}
            tone="good"
          />
          <p className="text-muted">{healthInWords(server)}</p>
          <EdgeCheck check={server.edge_check} />
        </div>
        <Facts facts={facts} />
      </div>
    </Card>
  )
}

/** What is wrong with the worker as the edge reaches it, which calls it each minute. */
function EdgeCheck({ check }: { check: ServerView['edge_check'] }) {
  if (check === null || check.reason === null) return null
  return (
    <p className={check.grade === 'unhealthy' ? 'text-bad' : 'text-warn'}>
      Seen from the edge, <Time value={check.checked_at} />: {checkReasons[check.reason]}
    </p>
  )
}

/** The service sees whether a worker holds the lease; the worker says how it is itself. */
function healthInWords({ lease, health, enrolled_at }: ServerView): string {
  if (!lease.live) {
    return enrolled_at === null
      ? 'No worker has enrolled yet.'
      : 'The service hears nothing of its worker: its instances are moved to other servers of the region, or wait.'
  }
  const said = health === 'healthy' ? 'says that it is well' : 'says that it is slow and takes nothing new'
  return lease.stopping
    ? 'Its worker is about to end and hands its instances over.'
    : `The service hears its worker, which ${said}.`
}
