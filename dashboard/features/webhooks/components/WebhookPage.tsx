import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { RotateCcw } from 'lucide-react'
import { isId } from '#contracts/ids.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { CopyButton } from '#dashboard/components/CopyButton.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { WayBack } from '#dashboard/components/WayBack.tsx'
import { useWebhook, type WebhookPlace } from '#dashboard/features/webhooks/api/use-webhook.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { DeliveriesCard } from './DeliveriesCard.tsx'
import { ReplayRangeDialog } from './ReplayRangeDialog.tsx'
import { WebhookBadges } from './WebhookBadges.tsx'
import { WebhookCard } from './WebhookCard.tsx'

const page = { from: '/inside/customers/$customerId/webhooks/$webhookId' } as const

export function WebhookPage() {
  const { customerId, webhookId } = useParams(page)
  if (isId('customer', customerId) && isId('webhook', webhookId)) {
    return <KnownWebhook place={{ customer_id: customerId, webhook_id: webhookId }} />
  }
  return <WebhookMissing error={new CallFailed('NOT_FOUND', 'This is not the id of a webhook endpoint.')} />
}

function KnownWebhook({ place }: { place: WebhookPlace }) {
  const query = useWebhook(place)
  const mayChange = useMay('admin')
  const [replaying, setReplaying] = useState(false)
  const gone = query.error instanceof CallFailed && query.error.code === 'NOT_FOUND'
  if (query.error !== null && (gone || query.data === undefined)) {
    return <WebhookMissing error={query.error} retry={() => void query.refetch()} />
  }
  const webhook = query.data
  if (webhook === undefined) return <Skeleton rows={10} />
  return (
    <>
      <WayToCustomer />
      <PageHeader
        title="Webhook"
        name={webhook.url}
        badges={<WebhookBadges webhook={webhook} />}
        hint={
          <span className="inline-flex items-center">
            <code className="font-mono text-xs break-all">{webhook.id}</code>
            <CopyButton quiet label="Copy the id" text={webhook.id} />
          </span>
        }
        actions={
          mayChange && (
            <Button disabled={webhook.status === 'disabled'} onClick={() => setReplaying(true)}>
              <RotateCcw aria-hidden /> Replay a time
            </Button>
          )
        }
      />
      <div className="space-y-5">
        <WebhookCard webhook={webhook} />
        <DeliveriesCard place={place} mayReplay={mayChange && webhook.status === 'enabled'} />
      </div>
      {replaying && <ReplayRangeDialog place={place} onClose={() => setReplaying(false)} />}
    </>
  )
}

function WayToCustomer() {
  const { customerId } = useParams(page)
  return (
    <WayBack to="/customers/$customerId" params={{ customerId }}>
      The customer
    </WayBack>
  )
}

function WebhookMissing({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <>
      <WayToCustomer />
      <PageHeader title="Webhook" />
      <ErrorState error={error} {...(retry === undefined ? {} : { retry })} />
    </>
  )
}
