import { setServerStatusContract } from '#contracts/http/server-registry.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

const words = {
  maintenance: { title: 'Put it into maintenance?', action: 'Begin maintenance', now: 'in maintenance' },
  inactive: { title: 'Take it out of service?', action: 'Take out of service', now: 'out of service' },
} as const

/** A status in which a server is emptied, with the reason for the other admins. */
export function ServerStatusDialog({
  open,
  onOpenChange,
  server,
  status,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  server: ServerView
  status: keyof typeof words
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={words[status].title}
      description={
        <>
          <bdi>{server.name}</bdi> takes nothing new and is emptied, until somebody activates it.
        </>
      }
    >
      <StatusForm server={server} status={status} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function StatusForm({
  server: { id, name },
  status,
  onDone,
}: {
  server: ServerView
  status: keyof typeof words
  onDone: () => void
}) {
  const { setStatus } = useServerChanges()
  const form = useForm({
    schema: setServerStatusContract.body,
    read(fields) {
      const reason = fields.text('reason').trim()
      return reason === '' ? { status } : { status, reason }
    },
    async send(body) {
      await setStatus(id, body)
      notify(`${name} is ${words[status].now} and hands over what it has.`)
      onDone()
    },
  })
  return (
    <DialogForm form={form} action={words[status].action} onCancel={onDone}>
      <TextField
        name="reason"
        label="Reason"
        placeholder="New disk on Monday"
        hint="Optional; shown to the other admins."
        error={form.errors['reason']}
      />
    </DialogForm>
  )
}
