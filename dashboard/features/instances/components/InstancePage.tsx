import { Link, useParams } from '@tanstack/react-router'
import { isId, type InstanceId } from '#contracts/ids.ts'
import { buttonClass } from '#dashboard/components/Button.tsx'
import { CopyButton } from '#dashboard/components/CopyButton.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { InstanceState } from '#dashboard/components/InstanceState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { WayBack } from '#dashboard/components/WayBack.tsx'
import { useInstance } from '#dashboard/features/instances/api/use-instance.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { HistoryCard } from './HistoryCard.tsx'
import { InstanceActions } from './InstanceActions.tsx'
import { InstanceCard } from './InstanceCard.tsx'
import { MessagesCard } from './MessagesCard.tsx'
import { MoveCard } from './MoveCard.tsx'
import { PairingCard } from './PairingCard.tsx'
import { TestMessageCard } from './TestMessageCard.tsx'

export function InstancePage() {
  const { instanceId } = useParams({ from: '/inside/instances/$instanceId' })
  return isId('instance', instanceId) ? (
    <KnownInstance key={instanceId} instanceId={instanceId} />
  ) : (
    <InstanceMissing error={new CallFailed('NOT_FOUND', 'This is not the id of an instance.')} />
  )
}

function KnownInstance({ instanceId }: { instanceId: InstanceId }) {
  const query = useInstance(instanceId)
  const mayAct = useMay('admin')
  const gone = query.error instanceof CallFailed && query.error.code === 'NOT_FOUND'
  if (query.error !== null && (gone || query.data === undefined)) {
    return <InstanceMissing error={query.error} retry={() => void query.refetch()} />
  }
  const instance = query.data
  if (instance === undefined) return <Skeleton rows={10} />
  return (
    <>
      <WayBack to="/instances">Instances</WayBack>
      <PageHeader
        title="Instance"
        name={instance.name}
        badges={<InstanceState state={instance.state} />}
        hint={
          <span className="flex flex-wrap items-center gap-x-2">
            <span>
              of{' '}
              <Link
                to="/customers/$customerId"
                params={{ customerId: instance.customer.id }}
                className="text-accent-strong hover:underline"
              >
                <bdi>{instance.customer.name}</bdi>
              </Link>
            </span>
            ·
            <span className="inline-flex items-center">
              <code className="font-mono text-xs break-all">{instance.id}</code>
              <CopyButton quiet label="Copy the id" text={instance.id} />
            </span>
          </span>
        }
        actions={<InstanceActions instance={instance} />}
      />
      <div className="space-y-5">
        <MoveCard instance={instance} />
        <InstanceCard instance={instance} />
        {mayAct && instance.state !== 'connected' && <PairingCard instance={instance} />}
        {mayAct && instance.state === 'connected' && <TestMessageCard instance={instance} />}
        {mayAct && <MessagesCard instanceId={instance.id} />}
        <HistoryCard instance={instance} />
      </div>
    </>
  )
}

function InstanceMissing({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <>
      <WayBack to="/instances">Instances</WayBack>
      <PageHeader title="Instance" />
      <ErrorState error={error} {...(retry === undefined ? {} : { retry })}>
        <Link to="/instances" className={buttonClass('primary')}>
          All instances
        </Link>
      </ErrorState>
    </>
  )
}
