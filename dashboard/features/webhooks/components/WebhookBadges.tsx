import type { WebhookView } from '#contracts/http/webhooks.ts'
import { Badge } from '#dashboard/components/Badge.tsx'

const reasons: Record<NonNullable<WebhookView['disabled_reason']>, string> = {
  'endpoint-gone': 'Disabled: gone',
  'endpoint-failing': 'Disabled: failed for 5 days',
}

/** Whether it is called, and whether it answers well. */
export function WebhookBadges({ webhook: { status, disabled_reason, failing_since } }: { webhook: WebhookView }) {
  if (status === 'disabled') {
    return disabled_reason === null ? <Badge>Disabled</Badge> : <Badge tone="bad">{reasons[disabled_reason]}</Badge>
  }
  return failing_since === null ? <Badge tone="good">Enabled</Badge> : <Badge tone="warn">Failing</Badge>
}
