import { useId, useState } from 'react'
import { createCustomerKeyContract } from '#contracts/http/customers.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { scopes, type Scope } from '#contracts/scopes.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { SelectField, TextField } from '#dashboard/components/Field.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { KeyShown } from './KeyShown.tsx'

const dayMs = 86_400_000
const lifetimes = [
  ['', 'Never'],
  ['30', 'In 30 days'],
  ['90', 'In 90 days'],
  ['365', 'In a year'],
] as const

export function CreateKeyDialog({
  open,
  onOpenChange,
  customerId,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  customerId: CustomerId
}) {
  const [secret, setSecret] = useState<string>()
  const close = () => {
    onOpenChange(false)
    setSecret(undefined)
  }
  if (secret === undefined) {
    return (
      <Dialog open={open} onOpenChange={onOpenChange} title="New API key">
        <CreateKeyForm customerId={customerId} onCreated={setSecret} onCancel={close} />
      </Dialog>
    )
  }
  return (
    <Dialog open={open} onOpenChange={close} dismissable={false} title="The key is there">
      <KeyShown secret={secret} />
      <DialogActions>
        <Button kind="primary" onClick={close}>
          Done
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function CreateKeyForm({
  customerId,
  onCreated,
  onCancel,
}: {
  customerId: CustomerId
  onCreated: (secret: string) => void
  onCancel: () => void
}) {
  const { createKey } = useCustomerChanges()
  const scopesErrorId = useId()
  const form = useForm({
    schema: createCustomerKeyContract.body,
    read: (fields) => {
      const days = Number(fields.text('days'))
      return {
        name: fields.text('name'),
        scopes: fields.texts('scopes') as Scope[],
        ...(days === 0 ? {} : { expires_at: new Date(Date.now() + days * dayMs).toISOString() }),
      }
    },
    async send(body) {
      const { data } = await createKey(customerId, body)
      onCreated(data.secret ?? '')
    },
  })
  return (
    <DialogForm form={form} action="Create key" onCancel={onCancel}>
      <TextField name="name" label="Name" placeholder="production" error={form.errors['name']} />
      <fieldset>
        <legend className="mb-1 text-sm font-medium">Scopes</legend>
        <div className="grid gap-x-4 sm:grid-cols-2">
          {scopes.map((scope) => (
            <label key={scope} className="flex min-h-8 cursor-pointer items-center gap-2.5">
              <input
                type="checkbox"
                name="scopes"
                value={scope}
                defaultChecked
                aria-invalid={form.errors['scopes'] !== undefined}
                aria-describedby={form.errors['scopes'] === undefined ? undefined : scopesErrorId}
                className="size-4 accent-accent"
              />
              <code className="font-mono text-xs">{scope}</code>
            </label>
          ))}
        </div>
        {form.errors['scopes'] !== undefined && (
          <p id={scopesErrorId} className="mt-1 text-sm text-bad">
            Scopes {form.errors['scopes']}.
          </p>
        )}
      </fieldset>
      <SelectField name="days" label="Expires" options={lifetimes} error={form.errors['expires_at']} />
    </DialogForm>
  )
}
