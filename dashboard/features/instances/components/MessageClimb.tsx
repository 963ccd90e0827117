import { Check, Circle } from 'lucide-react'
import type { MessageView } from '#contracts/http/message-view.ts'
import type { InstanceId, MessageId } from '#contracts/ids.ts'
import { Time } from '#dashboard/components/Time.tsx'
import { useClimbingMessage } from '#dashboard/features/instances/api/use-messages.ts'

const steps = ['queued', 'sending', 'sent', 'delivered', 'read'] as const
const words: Record<(typeof steps)[number], string> = {
  queued: 'Queued',
  sending: 'On its way',
  sent: 'Sent',
  delivered: 'Delivered',
  read: 'Read',
}

/** How far a message has come, from queued to read. */
export function MessageClimb({ instanceId, messageId }: { instanceId: InstanceId; messageId: MessageId }) {
  const { data: message, error } = useClimbingMessage(instanceId, messageId)
  if (message === undefined) return error === null ? null : <p role="alert">{error.message}</p>
  const reached = steps.indexOf(message.status as (typeof steps)[number])
  if (reached === -1) {
    return (
      <p role="status" className="text-bad">
        It ended {message.status}. {message.error?.message}
      </p>
    )
  }
  return (
    <ol aria-label="Progress of the message" className="flex flex-wrap gap-x-6 gap-y-2">
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === reached ? 'step' : undefined}
          className={`flex items-center gap-1.5 ${index <= reached ? 'text-good' : 'text-muted'}`}
        >
          {index <= reached ? <Check aria-hidden className="size-4" /> : <Circle aria-hidden className="size-4" />}
          {words[step]} <Moment message={message} step={step} />
        </li>
      ))}
    </ol>
  )
}

function Moment({ message, step }: { message: MessageView; step: (typeof steps)[number] }) {
  const { created_at, sent_at, delivered_at, read_at } = message
  const value = { queued: created_at, sending: null, sent: sent_at, delivered: delivered_at, read: read_at }[step]
  return value === null ? null : (
    <span className="text-xs text-muted">
      <Time value={value} />
    </span>
  )
}
