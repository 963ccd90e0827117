import type { ReactNode } from 'react'
import type { WebhookView } from '#contracts/http/webhooks.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { Facts } from '#dashboard/components/Facts.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { eventsOf } from './WebhooksCard.tsx'

/** What the endpoint is told, how it is, and what to do about it. */
export function WebhookCard({ webhook }: { webhook: WebhookView }) {
  const { description, instance_id, created_at, failing_since } = webhook
  const facts: [string, ReactNode][] = [
    ['Description', description === null ? 'None' : <bdi key="description">{description}</bdi>],
    ['Events', eventsOf(webhook)],
    ['Instance', instance_id ?? 'All'],
    ['Made', <Time key="created" value={created_at} />],
    ['Failing since', failing_since === null ? 'It answers well' : <Time key="failing" value={failing_since} />],
  ]
  const advice = adviceOf(webhook)
  return (
    <Card title="Endpoint">
      <Facts facts={facts} />
      {advice !== undefined && <p className="mt-4 text-muted">{advice}</p>}
    </Card>
  )
}

function adviceOf({ status, disabled_reason, failing_since, url_check }: WebhookView): string | undefined {
  if (status === 'disabled') {
    return disabled_reason === null
      ? 'The customer disabled it: nothing is sent until the customer enables it.'
      : 'Nothing is sent until the customer repairs it and enables it; what was given up can be replayed then.'
  }
  if (failing_since !== null) {
    return 'It is tried again with growing pauses. Tell the customer; the answers below say what is wrong.'
  }
  return url_check === 'unverified' ? 'Its host name could not be looked up when it was saved.' : undefined
}
