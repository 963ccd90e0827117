import type { DeliveryView } from '#contracts/http/webhooks.ts'
import { Badge, type Tone } from '#dashboard/components/Badge.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

const tones: Record<DeliveryView['status'], Tone> = {
  pending: 'accent',
  delivered: 'good',
  dead: 'bad',
  dropped: 'neutral',
}

/** `dead` is what operators read as given up. */
export function DeliveryStatusBadge({ status }: Pick<DeliveryView, 'status'>) {
  return <Badge tone={tones[status]}>{status === 'dead' ? 'Given up' : formatWord(status)}</Badge>
}
