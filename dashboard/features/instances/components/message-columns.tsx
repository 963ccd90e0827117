import { ArrowDownLeft, ArrowUpRight } from 'lucide-react'
import type { MessageView } from '#contracts/http/message-view.ts'
import { Badge, type Tone } from '#dashboard/components/Badge.tsx'
import type { Column } from '#dashboard/components/DataTable.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

const tones: Record<MessageView['status'], Tone> = {
  queued: 'neutral',
  sending: 'accent',
  sent: 'accent',
  delivered: 'good',
  read: 'good',
  failed: 'bad',
  expired: 'warn',
  cancelled: 'neutral',
  received: 'good',
}

export const messageColumns: Column<MessageView>[] = [
  {
    id: 'chat',
    header: 'With',
    cell: ({ row: { original } }) => (
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap tabular-nums">
        {original.direction === 'outbound' ? (
          <ArrowUpRight aria-label="Sent to" className="size-4 shrink-0 text-muted" />
        ) : (
          <ArrowDownLeft aria-label="Received from" className="size-4 shrink-0 text-muted" />
        )}
        {original.chat}
      </span>
    ),
  },
  {
    id: 'content',
    header: 'Says',
    cell: ({ row: { original } }) => (
      <div className="max-w-md min-w-40 [overflow-wrap:anywhere] whitespace-pre-wrap">
        {original.type === 'text' ? (
          <LongText text={original.text.body} />
        ) : (
          <span className="text-muted">{original.unsupported.kind}</span>
        )}
      </div>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    cell: ({ row: { original } }) => (
      <>
        <Badge tone={tones[original.status]}>{formatWord(original.status)}</Badge>
        {original.error !== null && <p className="mt-0.5 text-xs text-muted">{original.error.message}</p>}
      </>
    ),
  },
  {
    id: 'created',
    header: 'When',
    minor: true,
    cell: ({ row: { original } }) => <Time value={original.created_at} />,
  },
]

const shownLength = 240
const halfCharacter = /\p{Cs}$/u

/** The beginning of a long text; all of it when asked for. */
function LongText({ text }: { text: string }) {
  if (text.length <= shownLength) return <bdi>{text}</bdi>
  return (
    <details className="group">
      <summary className="cursor-pointer">
        <bdi className="group-open:hidden">{text.slice(0, shownLength).replace(halfCharacter, '')} …</bdi>
        <span className="hidden text-muted group-open:inline">Show less</span>
      </summary>
      <bdi>{text}</bdi>
    </details>
  )
}
