import { getCustomerContract, updateCustomerContract, type CustomerDetail } from '#contracts/http/customers.ts'
import type { Plan } from '#contracts/plans.ts'
import { ChangedMeanwhile } from '#dashboard/components/ChangedMeanwhile.tsx'
import { Dialog } from '#dashboard/components/Dialog.tsx'
import { DialogForm } from '#dashboard/components/DialogForm.tsx'
import { TextField } from '#dashboard/components/Field.tsx'
import { notify } from '#dashboard/components/Notices.tsx'
import { useCustomerChanges } from '#dashboard/features/customers/api/change-customer.ts'
import { customerLabels, customerTexts } from '#dashboard/features/customers/customer-texts.ts'
import { readLimits } from '#dashboard/features/customers/read-limits.ts'
import { readPlacement } from '#dashboard/features/customers/read-placement.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { useEditForm } from '#dashboard/lib/use-edit-form.ts'
import { LimitFields } from './LimitFields.tsx'
import { PlacementFields } from './PlacementFields.tsx'
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
  const form = useEditForm({
    schema: updateCustomerContract.body,
    texts: customerTexts(customer),
    read: (fields) => ({
      name: fields.text('name'),
      plan: fields.text('plan') as Plan,
      limit_overrides: readLimits(fields),
      ...readPlacement(fields),
    }),
    async load() {
      const { data } = await call(getCustomerContract, { params: { customer_id: customer.id } })
      return customerTexts(data)
    },
    async send(body) {
      const { data } = await update(customer.id, body)
      notify(`${data.name} is saved; its limits hold from the next request on.`)
      onDone()
    },
    onUnchanged: onDone,
  })
  return (
    <DialogForm form={form} action="Save" onCancel={onDone}>
      <TextField name="name" label="Name" defaultValue={form.opened['name']} error={form.errors['name']} />
      <PlanField chosen={form.opened['plan'] as Plan} error={form.errors['plan']} />
      <PlacementFields texts={form.opened} errors={form.errors} />
      <LimitFields texts={form.opened} errors={form.errors} />
      <ChangedMeanwhile conflicts={form.conflicts} labels={customerLabels} />
    </DialogForm>
  )
}
