import type { DeliveryView } from '#contracts/http/webhooks.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { formatDuration, formatNumber } from '#dashboard/lib/format.ts'

type Attempt = DeliveryView['attempts'][number]

/** The attempts of a delivery with their answers, newest first. */
export function AttemptsDialog({ delivery, onClose }: { delivery: DeliveryView; onClose: () => void }) {
  const { event_id, event_type, attempts, attempt_count } = delivery
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Attempts"
      description={
        <>
          <code className="font-mono text-xs break-all">
            {event_type} {event_id}
          </code>
          {attempt_count > attempts.length && (
            <p className="mt-1">
              The last {formatNumber(attempts.length)} of {formatNumber(attempt_count)}.
            </p>
          )}
        </>
      }
    >
      <ol className="space-y-4">
        {attempts.toReversed().map((attempt) => (
          <AttemptRow key={attempt.attempt} attempt={attempt} />
        ))}
      </ol>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </Dialog>
  )
}

function AttemptRow({
  attempt: { attempt, attempted_at, duration_ms, status, error, response },
}: {
  attempt: Attempt
}) {
  const good = status !== null && status >= 200 && status < 300
  return (
    <li className="rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Badge tone={good ? 'good' : 'bad'}>{status ?? 'No answer'}</Badge>
        <Time value={attempted_at} />
        <span className="text-xs text-muted">
          attempt {formatNumber(attempt)}, {formatDuration(duration_ms)}
        </span>
      </div>
      {error !== null && <p className="mt-2 [overflow-wrap:anywhere] text-bad">{error}</p>}
      {response !== null && response !== '' && (
        <pre
          tabIndex={0}
          aria-label={`Answer to attempt ${formatNumber(attempt)}`}
          className="mt-2 max-h-40 overflow-auto rounded bg-sunken p-2 font-mono text-xs [overflow-wrap:anywhere] whitespace-pre-wrap"
        >
          {response}
        </pre>
      )}
    </li>
  )
}
