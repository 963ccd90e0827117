import { updateCustomerContract, type CustomerDetail } from '#contracts/http/customers.ts'
import type { Plan } from '#contracts/plans.ts'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { useForm } from '#dashboard/lib/use-form.ts'
import { PlanField } from './PlanField.tsx'

export function EditCustomerDialog({
  open,
  onOpenChange,
  customer,
}: {
  open: boolean
  onOpenChange: (open: boolean) => void
  customer: CustomerDetail
}) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Edit customer">
      <EditCustomerForm customer={customer} onDone={() => onOpenChange(false)} />
    </Dialog>
  )
}

function EditCustomerForm({ customer, onDone }: { customer: CustomerDetail; onDone: () => void }) {
  const { update } = useCustomerChanges()
  const form = useForm({
    schema: updateCustomerContract.body,
    read: (fields) => ({ name: fields.text('name'), plan: fields.text('plan') as Plan }),
    async send(body) {
      const { data } = await update(customer.id, body)
      notify(`${data.name} is saved; the limits of its plan hold from the next request on.`)
      onDone()
    },
  })
  return (
    <DialogForm form={form} action="Save" onCancel={onDone}>
      <TextField name="name" label="Name" defaultValue={customer.name} error={form.errors['name']} />
      <PlanField chosen={customer.plan} error={form.errors['plan']} />
    </DialogForm>
  )
}
