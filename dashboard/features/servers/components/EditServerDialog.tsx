import { updateServerContract } from '#contracts/http/server-registry.ts'
import { getServerContract, type ServerView } from '#contracts/http/servers.ts'
import { ChangedMeanwhile } from '#dashboard/components/ChangedMeanwhile.tsx'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { readServerFields } from '#dashboard/features/servers/read-server-fields.ts'
import { serverLabels, serverTexts } from '#dashboard/features/servers/server-texts.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { useEditForm } from '#dashboard/lib/use-edit-form.ts'
import { ServerFields } from './ServerFields.tsx'

export function EditServerDialog({
  open,
  onOpenChange,
  server,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  server: ServerView
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Edit server">
      <EditServerForm server={server} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function EditServerForm({ server, onDone }: { server: ServerView; onDone: () => void }) {
  const { update } = useServerChanges()
  const form = useEditForm({
    schema: updateServerContract.body,
    texts: serverTexts(server),
    read: readServerFields,
    async load() {
      const { data } = await call(getServerContract, { params: { server_id: server.id } })
      return serverTexts(data)
    },
    async send(body) {
      const { data } = await update(server.id, body)
      notify(`${data.name} is saved.`)
      onDone()
    },
    onUnchanged: onDone,
  })
  return (
    <DialogForm form={form} action="Save" onCancel={onDone}>
      <ServerFields texts={form.opened} errors={form.errors} />
      <ChangedMeanwhile conflicts={form.conflicts} labels={serverLabels} />
      <p className="text-xs text-muted">With a smaller capacity it keeps what it has and takes no more.</p>
    </DialogForm>
  )
}
