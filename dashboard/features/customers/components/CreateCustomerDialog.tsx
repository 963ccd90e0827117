import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { createCustomerContract } from '#contracts/http/customers.ts'
import type { CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { Dialog, DialogActions } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { readPlacement } from '#dashboard/features/customers/read-placement.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { KeyShown } from './KeyShown.tsx'
import { PlacementFields } from './PlacementFields.tsx'
import { PlanField } from './PlanField.tsx'

const anywhere = { region: '', assign_server: 'auto' }

interface Created {
  id: CustomerId
  name: string
  secret: string
}

/** A new customer; then its first key, which no other page will ever show. */
export function CreateCustomerDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const [created, setCreated] = useState<Created>()
  const navigate = useNavigate()
  const close = () => {
    onOpenChange(false)
    setCreated(undefined)
  }
  if (created === undefined) {
    return (
      <Dialog open={open} onOpenChange={onOpenChange} title="New customer">
        <CreateCustomerForm onCreated={setCreated} onCancel={close} />
      </Dialog>
    )
  }
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      dismissable={false}
      title="The customer is there"
      description={
        <>
          This is the first key of <bdi>{created.name}</bdi>, with every scope.
        </>
      }
    >
      <KeyShown secret={created.secret} />
      <DialogActions>
        <Button onClick={close}>Done</Button>
        <Button
          kind="primary"
          onClick={() => void navigate({ to: '/customers/$customerId', params: { customerId: created.id } })}
        >
          Open the customer
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function CreateCustomerForm({ onCreated, onCancel }: { onCreated: (created: Created) => void; onCancel: () => void }) {
  const { create } = useCustomerChanges()
  const form = useForm({
    schema: createCustomerContract.body,
    read: (fields) => ({ name: fields.text('name'), plan: fields.text('plan') as Plan, ...readPlacement(fields) }),
    async send(body) {
      const { data } = await create(body)
      onCreated({ id: data.id, name: data.name, secret: data.api_key.secret ?? '' })
    },
  })
  return (
    <DialogForm form={form} action="Create customer" onCancel={onCancel}>
      <TextField name="name" label="Name" placeholder="Shop" error={form.errors['name']} />
      <PlanField chosen="basic" error={form.errors['plan']} />
      <PlacementFields texts={anywhere} errors={form.errors} />
    </DialogForm>
  )
}
