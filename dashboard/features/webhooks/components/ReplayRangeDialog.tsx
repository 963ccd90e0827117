import { useEffect, useRef, useState, type SubmitEvent } from 'react'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { ProgressBar } from '#dashboard/components/ProgressBar.tsx'
import { useReplay } from '#dashboard/features/webhooks/api/replay-deliveries.ts'
import type { WebhookPlace } from '#dashboard/features/webhooks/api/use-webhook.ts'
import { momentOf } from '#dashboard/features/webhooks/moment-of.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { readFields } from '#dashboard/lib/form-fields.ts'
import { formatMoment, formatNumber } from '#dashboard/lib/format.ts'
import { useSecondsLeft } from '#dashboard/lib/use-seconds-left.ts'
import { focusFirst } from '#dashboard/lib/use-form.ts'

/** Where a replay stands: what is chosen, how far it has come, how many are due again. */
interface Standing {
  from: string
  to: string
  at: string
  replayed: number
}

/** Replays all of a time, call by call since one takes a thousand; stopped or failed, it can go on where it stands. */
export function ReplayRangeDialog({ place, onClose }: { place: WebhookPlace; onClose: () => void }) {
  const [standing, setStanding] = useState<Standing>()
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [typed, setTyped] = useState({ from: '', to: '' })
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    if (form.current !== null) focusFirst(form.current, errors)
  }, [errors])
  const [failure, setFailure] = useState<CallFailed>()
  const { next } = useReplay(place)
  const waiting = useSecondsLeft(failure?.retryAt) > 0
  const running = useRef<AbortController>(undefined)
  useEffect(() => () => running.current?.abort(), [])

  const goOn = async (start: Standing) => {
    const { signal } = (running.current = new AbortController())
    let now = start
    setFailure(undefined)
    setErrors({})
    setStanding(now)
    try {
      for (;;) {
        const { data } = await next({ from: now.at, to: now.to }, signal)
        now = { ...now, at: data.continue_from ?? now.to, replayed: now.replayed + data.replayed }
        setStanding(now)
        if (data.continue_from === null) break
      }
      notify(`${formatNumber(now.replayed)} ${now.replayed === 1 ? 'event is' : 'events are'} due again.`)
      onClose()
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CallFailed)) throw error
      setFailure(error)
      setErrors(error.details)
      if (now.replayed === 0) setStanding(undefined)
    }
  }
  const begin = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    const fields = readFields(event.currentTarget)
    setTyped({ from: fields.text('from'), to: fields.text('to') })
    const from = momentOf(fields.text('from'))
    const to = fields.text('to') === '' ? new Date().toISOString() : momentOf(fields.text('to'))
    if (from === undefined || to === undefined || from >= to) {
      setErrors(from === undefined ? { from: 'must be a moment' } : { to: 'must be after From' })
      return
    }
    void goOn({ from, to, at: from, replayed: 0 })
  }

  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissable={standing === undefined}
      title="Replay a time"
      description="All that was delivered or given up in it is sent again under the same webhook-id, the oldest first."
    >
      {standing === undefined ? (
        <form ref={form} onSubmit={begin} noValidate className="space-y-4">
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              name="from"
              label="From"
              type="datetime-local"
              step={1}
              defaultValue={typed.from}
              error={errors['from']}
            />
            <TextField
              name="to"
              label="To"
              type="datetime-local"
              step={1}
              defaultValue={typed.to}
              hint="Empty: until now."
              error={errors['to']}
            />
          </div>
          <FailureNote failure={failure} />
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind="primary" disabled={waiting}>
              Replay
            </Button>
          </DialogActions>
        </form>
      ) : (
        <div className="space-y-4">
          <ProgressBar
            label="Progress of the replay"
            done={Date.parse(standing.at) - Date.parse(standing.from)}
            total={Date.parse(standing.to) - Date.parse(standing.from)}
            text={`${formatNumber(standing.replayed)} due again, up to ${formatMoment(standing.at)}`}
          />
          <FailureNote failure={failure} />
          <DialogActions>
            <Button onClick={onClose}>Stop</Button>
            {failure !== undefined && (
              <Button kind="primary" onClick={() => void goOn(standing)}>
                Go on
              </Button>
            )}
          </DialogActions>
        </div>
      )}
    </Dialog>
  )
}
