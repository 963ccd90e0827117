import { moveFleetInstanceContract, type FleetInstanceView } from '#contracts/http/fleet-instances.ts'
import type { ServerId } from '#contracts/ids.ts'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { SelectField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useInstanceChanges } from '#dashboard/features/instances/api/change-instance.ts'
import { useServerNames } from '#dashboard/features/servers/api/use-server-names.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

export function MoveDialog({
  open,
  onOpenChange,
  instance,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  instance: FleetInstanceView
}) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Move this instance"
      description={
        <>
          <bdi>{instance.name}</bdi> works where it is until the other worker takes over, a second or two.
        </>
      }
    >
      <MoveForm instance={instance} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function MoveForm({ instance, onDone }: { instance: FleetInstanceView; onDone: () => void }) {
  const { move } = useInstanceChanges(instance.id)
  const { data: servers = [] } = useServerNames()
  const others = servers.filter(({ id, status }) => status === 'active' && id !== instance.server.id)
  const form = useForm({
    schema: moveFleetInstanceContract.body,
    read(fields) {
      const server_id = fields.text('server_id') as ServerId | ''
      return server_id === '' ? {} : { server_id }
    },
    async send(body) {
      const { data } = await move(body)
      notify(`${data.name} is on its way to ${data.server.name}.`)
      onDone()
    },
  })
  return (
    <DialogForm form={form} action="Move" onCancel={onDone}>
      <SelectField
        name="server_id"
        label="To"
        error={form.errors['server_id']}
        options={[
          ['', 'The best other server'],
          ...others.map(({ id, name, region }) => [id, `${name} (${region})`] as const),
        ]}
      />
    </DialogForm>
  )
}
