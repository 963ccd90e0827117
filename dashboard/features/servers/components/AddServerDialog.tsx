import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { EnrollmentView } from '#contracts/http/enrollment.ts'
import { createServerContract } from '#contracts/http/server-registry.ts'
import type { ServerView } from '#contracts/http/servers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { useServerChanges } from '#dashboard/features/servers/api/change-server.ts'
import { readServerFields } from '#dashboard/features/servers/read-server-fields.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { EnrollmentStep } from './EnrollmentStep.tsx'
import { ServerFields } from './ServerFields.tsx'

type Created = ServerView & { enrollment: EnrollmentView }

/** A new server; then the command that its machine has to run, and the wait for its worker. */
export function AddServerDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [created, setCreated] = useState<Created>()
  const navigate = useNavigate()
  const close = () => {
    onOpenChange(false)
    setCreated(undefined)
  }
  if (created === undefined) {
    return (
      <Dialog open={open} onOpenChange={onOpenChange} title="Add a server">
        <AddServerForm onCreated={setCreated} onCancel={close} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      dismissable={false}
      title="Start its worker"
      description={
        <>
          <bdi>{created.name}</bdi> is registered. Run this on the machine, in the folder of Wharf:
        </>
      }
    >
      <EnrollmentStep serverId={created.id} first={created.enrollment} enrolledBefore={null} />
      <DialogActions>
        <Button onClick={close}>Close</Button>
        <Button
          kind="primary"
          onClick={() => void navigate({ to: '/servers/$serverId', params: { serverId: created.id } })}
        >
          Open the server
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** The form alone. */
export function AddServerForm({
  onCreated,
  onCancel,
}: {
  onCreated: (created: Created) => void
  onCancel: () => void
}) {
  const { create } = useServerChanges()
  const form = useForm({
    schema: createServerContract.body,
    read: readServerFields,
    async send(body) {
      const { data } = await create(body)
      onCreated(data)
    },
  })
  return (
    <DialogForm form={form} action="Add server" onCancel={onCancel}>
      <ServerFields errors={form.errors} />
    </DialogForm>
  )
}
