import { useEffect, useState } from 'react'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { ProgressBar } from '#dashboard/components/ProgressBar.tsx'
import { exportAuditLog } from '#dashboard/features/audit/api/export-audit-log.ts'
import type { AuditSearch } from '#dashboard/features/audit/audit-search.ts'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { formatNumber } from '#dashboard/lib/format.ts'

/** Fetches the file while it is open; closing it breaks that off. */
export function ExportDialog({
  search,
  total,
  onClose,
}: {
  search: AuditSearch
  /** How many entries the filters let through, as far as that is known. */
  total: number
  onClose: () => void
}) {
  const [entries, setEntries] = useState(0)
  const [failure, setFailure] = useState<CallFailed>()
  const [tries, setTries] = useState(1)

  useEffect(() => {
    const controller = new AbortController()
    setEntries(0)
    setFailure(undefined)
    exportAuditLog(search, controller.signal, setEntries).then(
      (count) => {
        notify(`${formatNumber(count)} entries are exported.`)
        onClose()
      },
      (error: unknown) => {
        if (controller.signal.aborted) return
        if (!(error instanceof CallFailed)) throw error
        setFailure(error)
      },
    )
    return () => controller.abort()
  }, [search, tries, onClose])

  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissable={false}
      title="Export the audit log"
      description="As a CSV file for spreadsheets, with the filters of the page. That it was exported is audited too."
    >
      {failure === undefined ? (
        <ProgressBar
          label="Progress of the export"
          done={Math.min(entries, total)}
          total={total}
          text={`${formatNumber(entries)} of about ${formatNumber(total)} entries`}
        />
      ) : (
        <FailureNote failure={failure} />
      )}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        {failure !== undefined && (
          <Button kind="primary" onClick={() => setTries(tries + 1)}>
            Try again
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}
