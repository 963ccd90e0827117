import { useState, type ReactNode } from 'react'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { useSecondsLeft } from '#dashboard/lib/use-seconds-left.ts'
import { Button } from './Button.tsx'
import { Dialog, DialogActions } from './Dialog.tsx'
import { FailureNote } from './FailureNote.tsx'
import { TextField } from './Field.tsx'

/** Asks before a change; it closes when the change is made, and says why when it is not. */
export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  children,
  action,
  danger = false,
  typed,
  run,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  /** What will happen. */
  children: ReactNode
  /** Words of the button: what it does. */
  action: string
  danger?: boolean
  /** Has to be typed first, where nothing brings it back. */
  typed?: string
  /** Throws CallFailed. */
  run: () => Promise<unknown>
}) {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<CallFailed>()
  const [entered, setEntered] = useState('')
  const waiting = useSecondsLeft(failure?.retryAt) > 0
  const change = (next: boolean) => {
    setFailure(undefined)
    setEntered('')
    onOpenChange(next)
  }
  const confirm = async () => {
    setBusy(true)
    setFailure(undefined)
    try {
      await run()
      change(false)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      setFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open={open} onOpenChange={change} title={title} description={children}>
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          void confirm()
        }}
      >
        {typed !== undefined && (
          <TextField
            label={`Type "${typed}" to confirm`}
            value={entered}
            onChange={(e) => setEntered(e.target.value)}
          />
        )}
        <FailureNote failure={failure} />
        <DialogActions>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button
            type="submit"
            kind={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={waiting || (typed !== undefined && entered.trim() !== typed)}
          >
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
