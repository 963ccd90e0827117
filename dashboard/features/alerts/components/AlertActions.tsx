import { useState } from 'react'
import type { AlertView } from '#contracts/http/alerts.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { notify, notifyFailure } from '#dashboard/components/Notices.tsx'
import { useAlertChanges } from '#dashboard/features/alerts/api/change-alert.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { formatWord } from '#dashboard/lib/format.ts'

/** Acknowledge and resolve; nothing where it is over. */
export function AlertActions({ alert: { id, kind, state } }: { alert: AlertView }) {
  const { acknowledge, resolve } = useAlertChanges()
  const [busy, setBusy] = useState(false)
  const [resolving, setResolving] = useState(false)
  if (state === 'resolved') return null

  const take = async () => {
    setBusy(true)
    try {
      await acknowledge(id)
      notify(`${formatWord(kind)} is acknowledged; it resolves by itself when its cause is gone.`)
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error
      notifyFailure(error.message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex justify-end gap-1">
      {state === 'open' && (
        <Button busy={busy} onClick={() => void take()}>
          Acknowledge
        </Button>
      )}
      <Button kind="quiet" onClick={() => setResolving(true)}>
        Resolve
      </Button>
      <ConfirmDialog
        open={resolving}
        onOpenChange={setResolving}
        title="Resolve this alert?"
        action="Resolve"
        run={async () => {
          await resolve(id)
          notify(`${formatWord(kind)} is resolved.`)
        }}
      >
        {formatWord(kind)}: while its cause lasts, the next minute opens a new alert. To say that you care for it,
        acknowledge it instead.
      </ConfirmDialog>
    </div>
  )
}
