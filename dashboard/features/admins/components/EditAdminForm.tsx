import { updateAdminContract, type AdminView } from '#contracts/http/admins.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { ChangedMeanwhile } from '#dashboard/components/ChangedMeanwhile.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useAdminChanges } from '#dashboard/features/admins/api/change-admin.ts'
import { loadAdmin } from '#dashboard/features/admins/api/load-admin.ts'
import { useEditForm } from '#dashboard/lib/use-edit-form.ts'
import { RoleField } from './RoleField.tsx'

const labels = { name: 'Name', role: 'Role' }
const textsOf = ({ name, role }: AdminView) => ({ name, role })

export function EditAdminForm({ admin, onDone }: { admin: AdminView; onDone: () => void }) {
  const { update } = useAdminChanges()
  const form = useEditForm({
    schema: updateAdminContract.body,
    texts: textsOf(admin),
    read: (fields) => ({ name: fields.text('name'), role: fields.text('role') as AdminRole }),
    load: async () => textsOf(await loadAdmin(admin.id)),
    async send(body) {
      await update(admin.id, body)
      notify(`${admin.email} is saved.`)
      onDone()
    },
    onUnchanged: onDone,
  })
  return (
    <DialogForm form={form} action="Save" onCancel={onDone}>
      <TextField name="name" label="Name" defaultValue={form.opened.name} error={form.errors['name']} />
      <RoleField chosen={form.opened.role} error={form.errors['role']} />
      <p className="text-xs text-muted">Another role ends the sessions of this admin.</p>
      <ChangedMeanwhile conflicts={form.conflicts} labels={labels} />
    </DialogForm>
  )
}
