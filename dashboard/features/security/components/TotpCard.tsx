import { useState } from 'react'
import type { z } from 'zod'
import { removeTotpContract, type ownAdminViewSchema } from '#contracts/http/admin-auth.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { Button } from '#dashboard/components/Button.tsx'
import { Card } from '#dashboard/components/Card.tsx'
import { CodeField } from '#dashboard/components/CodeField.tsx'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useSecurityChanges } from '#dashboard/features/security/api/change-security.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { SetUpTotpDialog } from './SetUpTotpDialog.tsx'

const fewCodes = 3

export function TotpCard({ own }: { own: z.output<typeof ownAdminViewSchema> }) {
  const [asked, setAsked] = useState<'set-up' | 'remove'>()
  const close = () => setAsked(undefined)
  return (
    <Card
      title="Authenticator app"
      hint="A code of your phone at each log-in: a password alone opens nothing then."
      actions={own.totp_enabled ? <Badge tone="good">Set up</Badge> : <Badge tone="warn">Not set up</Badge>}
    >
      {own.totp_enabled ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className={own.recovery_codes_left <= fewCodes ? 'text-warn' : 'text-muted'}>
            {own.recovery_codes_left} recovery codes left.
            {own.recovery_codes_left <= fewCodes && ' Remove the app and set it up again for new ones.'}
          </p>
          <Button onClick={() => setAsked('remove')}>Remove the app</Button>
        </div>
      ) : (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">You need an app such as those of your phone or password manager.</p>
          <Button kind="primary" onClick={() => setAsked('set-up')}>
            Set up
          </Button>
        </div>
      )}
      {asked === 'set-up' && <SetUpTotpDialog onClose={close} />}
      <Dialog
        open={asked === 'remove'}
        onOpenChange={close}
        title="Remove the authenticator app?"
        description="Log-ins then need your password alone, and the recovery codes are void."
      >
        <RemoveTotpForm onDone={close} />
      </Dialog>
    </Card>
  )
}

function RemoveTotpForm({ onDone }: { onDone: () => void }) {
  const { removeTotp } = useSecurityChanges()
  const form = useForm({
    schema: removeTotpContract.body,
    read: (fields) => ({ password: fields.text('password'), code: fields.text('code').trim() }),
    async send(body) {
      await removeTotp(body)
      notify('The authenticator app is removed.')
      onDone()
    },
  })
  return (
    <DialogForm form={form} action="Remove the app" danger onCancel={onDone}>
      <TextField
        name="password"
        type="password"
        label="Password"
        autoComplete="current-password"
        error={form.errors['password']}
      />
      <CodeField hint="Of the app, or a recovery code." error={form.errors['code']} />
    </DialogForm>
  )
}
