import { Link, useParams } from '@tanstack/react-router'
import { isId, type ServerId } from '#contracts/ids.ts'
import { buttonClass } from '#dashboard/components/Button.tsx'
import { CopyButton } from '#dashboard/components/CopyButton.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { WayBack } from '#dashboard/components/WayBack.tsx'
import { useServer } from '#dashboard/features/servers/api/use-server.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { ServerActions } from './ServerActions.tsx'
import { ServerHealthBadge, ServerStatusBadge } from './ServerBadges.tsx'
import { ServerInstancesCard } from './ServerInstancesCard.tsx'
import { ServerMetricsCard } from './ServerMetricsCard.tsx'
import { ServerProgress } from './ServerProgress.tsx'
import { ServerSpecsCard } from './ServerSpecsCard.tsx'

export function ServerPage() {
  const { serverId } = useParams({ from: '/inside/servers/$serverId' })
  return isId('server', serverId) ? (
    <KnownServer serverId={serverId} />
  ) : (
    <ServerMissing error={new CallFailed('NOT_FOUND', 'This is not the id of a server.')} />
  )
}

function KnownServer({ serverId }: { serverId: ServerId }) {
  const query = useServer(serverId)
  const gone = query.error instanceof CallFailed && query.error.code === 'NOT_FOUND'
  if (query.error !== null && (gone || query.data === undefined)) {
    return <ServerMissing error={query.error} retry={() => void query.refetch()} />
  }
  const server = query.data
  if (server === undefined) return <Skeleton rows={10} />
  return (
    <>
      <WayBack to="/servers">Servers</WayBack>
      <PageHeader
        title="Server"
        name={server.name}
        badges={
          <>
            <ServerStatusBadge status={server.status} />
            <ServerHealthBadge server={server} />
          </>
        }
        hint={
          <span className="flex flex-wrap items-center gap-x-2">
            <bdi>{server.region}</bdi>·
            <span className="inline-flex items-center">
              <code className="font-mono text-xs break-all">{server.id}</code>
              <CopyButton quiet label="Copy the id" text={server.id} />
            </span>
          </span>
        }
        actions={<ServerActions server={server} />}
      />
      <div className="space-y-5">
        <ServerProgress server={server} />
        <ServerSpecsCard server={server} />
        <ServerInstancesCard server={server} />
        <ServerMetricsCard serverId={server.id} />
      </div>
    </>
  )
}

function ServerMissing({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <>
      <WayBack to="/servers">Servers</WayBack>
      <PageHeader title="Server" />
      <ErrorState error={error} {...(retry === undefined ? {} : { retry })}>
        <Link to="/servers" className={buttonClass('primary')}>
          All servers
        </Link>
      </ErrorState>
    </>
  )
}
