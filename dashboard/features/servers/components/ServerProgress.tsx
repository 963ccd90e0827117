import type { ReactNode } from 'react'
import type { ServerView } from '#contracts/http/servers.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { ProgressBar } from '#dashboard/components/ProgressBar.tsx'
import { formatNumber } from '#dashboard/lib/format.ts'

/** What goes on with the server now, and what to do next; nothing while nothing does. */
export function ServerProgress({ server }: { server: ServerView }) {
  const { status, status_reason: reason, drain, instances, lease, enrolled_at } = server
  if (drain !== null) return <DrainProgress drain={drain} connected={instances.connected} />
  if (status === 'provisioning') {
    return (
      <Card title="Waiting for its worker">
        <p>{reason ?? 'The server becomes active when its worker enrolls by the command.'}</p>
        <p className="mt-1 text-muted">The command is lost? Make a new token under More.</p>
      </Card>
    )
  }
  if (status !== 'active') {
    const left = instances.placed + instances.leaving
    return (
      <Card title="Takes no instances">
        {reason !== null && (
          <p>
            <bdi>{reason}</bdi>
          </p>
        )}
        <p className={reason === null ? '' : 'mt-1 text-muted'}>
          {left === 0
            ? 'It holds none any more. Activate it to use it again, or remove it.'
            : `It is emptied: ${some(left)} to go, as room elsewhere allows.`}
        </p>
      </Card>
    )
  }
  if (enrolled_at !== null && !lease.live) {
    return (
      <Card title="Its worker is away">
        <p>Nobody holds the lease of this server. Its instances go to others of its region that have room.</p>
        <p className="mt-1 text-muted">
          Look at the machine and start its worker; a drain makes sure that nothing returns.
        </p>
      </Card>
    )
  }
  if (instances.leaving + instances.arriving === 0) return null
  return (
    <Card title="Instances on their way">
      <p role="status">
        {some(instances.leaving)} leaving, {some(instances.arriving)} arriving. Each works where it is until it is
        handed over.
      </p>
    </Card>
  )
}

function DrainProgress({ drain, connected }: { drain: NonNullable<ServerView['drain']>; connected: number }) {
  let next: ReactNode = 'Those that remain work where they are until another server of the region has room for them.'
  if (drain.done) next = 'It is safe to stop or remove it. Activate it to use it again.'
  return (
    <Card title={drain.done ? 'Drained' : 'Draining'}>
      <ProgressBar
        label="Progress of the drain"
        done={drain.instances - Math.min(drain.remaining, drain.instances)}
        total={drain.instances}
        text={
          drain.done
            ? `${some(drain.gone)} gone, none remains.`
            : `${formatNumber(drain.remaining)} of ${some(drain.instances)} to go, ${formatNumber(connected)} connected.`
        }
      />
      <p className="mt-2 text-muted">{next}</p>
    </Card>
  )
}

function some(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? 'instance' : 'instances'}`
}
