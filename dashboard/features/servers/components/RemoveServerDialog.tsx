import type { ServerView } from '#contracts/http/servers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { ConfirmDialog } from '#dashboard/components/ConfirmDialog.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { formatNumber } from '#dashboard/lib/format.ts'

/** Removes an empty server; of one that holds instances it says what has to be done first. */
export function RemoveServerDialog({
  open,
  onOpenChange,
  server: { id, name, status, instances },
  onDrain,
  onRemoved,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  server: ServerView
  onDrain: () => void
  onRemoved: () => Promise<void>
}) {
  const { remove } = useServerChanges()
  const held = instances.placed + instances.leaving
  if (held === 0) {
    return (
      <ConfirmDialog
        open={open}
        onOpenChange={onOpenChange}
        danger
        title="Remove this server?"
        action="Remove"
        typed={name}
        run={async () => {
          await remove(id)
          notify(`${name} is removed.`)
          await onRemoved()
        }}
      >
        Its worker loses its lease and ends; the name is free again. It cannot be undone: the machine can be added as a
        new server.
      </ConfirmDialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="It holds instances"
      description={
        <>
          <bdi>{name}</bdi> holds {formatNumber(held)} {held === 1 ? 'instance' : 'instances'}.{' '}
          {status === 'active'
            ? 'Drain it first, and remove it when the drain is done.'
            : 'It is being emptied: remove it when nothing is left. What has no room elsewhere can be moved by hand.'}
        </>
      }
    >
      <DialogActions>
        <Button onClick={() => onOpenChange(false)}>Close</Button>
        {status === 'active' && (
          <Button kind="primary" onClick={onDrain}>
            Drain it
          </Button>
        )}
      </DialogActions>
    </Dialog>
  )
}
