import { useState } from 'react'
import { createAdminContract } from '#contracts/http/admins.ts'
import type { AdminRole } from '#contracts/roles.ts'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { useAdminChanges } from '#dashboard/features/admins/api/change-admin.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { PasswordShown, type ShownPassword } from './PasswordShown.tsx'
import { RoleField } from './RoleField.tsx'

/** A new admin; then the first password, which is shown this once. */
export function CreateAdminDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [shown, setShown] = useState<ShownPassword>()
  return (
    <>
      <Dialog open={open} onOpenChange={onOpenChange} title="New admin">
        <CreateAdminForm
          onCancel={() => onOpenChange(false)}
          onCreated={(created) => {
            onOpenChange(false)
            setShown(created)
          }}
        />
      </Dialog>
      <PasswordShown shown={shown} onDone={() => setShown(undefined)} />
    </>
  )
}

function CreateAdminForm({
  onCreated,
  onCancel,
}: {
  onCreated: (created: ShownPassword) => void
  onCancel: () => void
}) {
  const { create } = useAdminChanges()
  const form = useForm({
    schema: createAdminContract.body,
    read: (fields) => ({
      email: fields.text('email'),
      name: fields.text('name'),
      role: fields.text('role') as AdminRole,
    }),
    async send(body) {
      const { data } = await create(body)
      onCreated({ email: data.email, password: data.password })
    },
  })
  return (
    <DialogForm form={form} action="Create admin" onCancel={onCancel}>
      <TextField name="name" label="Name" error={form.errors['name']} />
      <TextField name="email" type="email" label="E-mail address" error={form.errors['email']} />
      <RoleField chosen="viewer" error={form.errors['role']} />
    </DialogForm>
  )
}
