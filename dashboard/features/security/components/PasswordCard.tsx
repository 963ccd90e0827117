import { useRef } from 'react'
import { changePasswordContract } from '#contracts/http/admin-auth.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { FailureNote } from '#dashboard/components/FailureNote.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { SubmitButton } from '#dashboard/components/SubmitButton.tsx'
import { useSecurityChanges } from '#dashboard/features/security/api/change-security.ts'
import { useForm } from '#dashboard/lib/use-form.ts'

export function PasswordCard() {
  const { changePassword } = useSecurityChanges()
  const fields = useRef<HTMLFormElement>(null)
  const form = useForm({
    schema: changePasswordContract.body,
    read: (given) => ({
      current_password: given.text('current_password'),
      new_password: given.text('new_password'),
    }),
    async send(body) {
      await changePassword(body)
      fields.current?.reset()
      notify('The password is changed; your other sessions have ended.')
    },
  })
  return (
    <Card title="Password" hint="12 characters or more. A change ends your other sessions.">
      <form ref={fields} onSubmit={form.onSubmit} noValidate className="space-y-4">
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="current_password"
            type="password"
            label="Current password"
            autoComplete="current-password"
            error={form.errors['current_password']}
          />
          <TextField
            name="new_password"
            type="password"
            label="New password"
            autoComplete="new-password"
            error={form.errors['new_password']}
          />
        </div>
        <FailureNote failure={form.failure} />
        <div className="flex justify-end">
          <SubmitButton form={form} kind="plain">
            Change the password
          </SubmitButton>
        </div>
      </form>
    </Card>
  )
}
