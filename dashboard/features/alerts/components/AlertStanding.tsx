import type { AlertState } from '#contracts/alerts.ts'
import type { AlertView } from '#contracts/http/alerts.ts'
import type { AdminId } from '#contracts/ids.ts'
import { Badge, type Tone } from '#dashboard/components/Badge.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatWord } from '#dashboard/lib/format.ts'
import { useSession } from '#dashboard/lib/session.ts'

const tones: Record<AlertState, Tone> = { open: 'bad', acknowledged: 'warn', resolved: 'good' }

/** Its state, since when, and whether it was oneself. */
export function AlertStanding({ alert }: { alert: AlertView }) {
  const own = useSession()?.admin.id
  const [at, by] =
    alert.state === 'resolved'
      ? [alert.resolved_at, alert.resolved_by === null ? 'by itself' : whose(alert.resolved_by, own)]
      : [alert.acknowledged_at, whose(alert.acknowledged_by, own)]
  return (
    <>
      <Badge tone={tones[alert.state]}>{formatWord(alert.state)}</Badge>
      {at !== null && (
        <p className="mt-1 text-xs text-muted">
          <Time ago value={at} /> {by}
        </p>
      )}
    </>
  )
}

function whose(by: AdminId | null, own: AdminId | undefined): string {
  return by !== null && by === own ? 'by you' : 'by another admin'
}
