import { Check, CheckCheck, Clock } from 'lucide-react'
import type { MessageView } from '#local/phone/page/api/phones.ts'

/** What became of a message, as WhatsApp shows it. Of what a linked device sent, the phone itself knows no more. */
export function Ticks({ message: { sent } }: { message: MessageView }) {
  const [Icon, said, colour] =
    sent === undefined
      ? ([Check, 'Sent by a linked device', ''] as const)
      : sent.read_ms !== undefined
        ? ([CheckCheck, 'Read', 'text-accent'] as const)
        : sent.delivered_ms !== undefined
          ? ([CheckCheck, 'Delivered', ''] as const)
          : sent.server_ack_ms !== undefined
            ? ([Check, 'Sent', ''] as const)
            : ([Clock, 'On its way', ''] as const)
  return (
    <>
      <Icon aria-hidden className={`size-4 shrink-0 ${colour}`} />
      <span className="sr-only">{said}</span>
    </>
  )
}
