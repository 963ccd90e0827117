import type { ReactNode } from 'react'
import type { Form } from '#dashboard/lib/use-form.ts'
import { Button } from './Button.tsx'
import { DialogActions } from './Dialog.tsx'
import { FailureNote } from './FailureNote.tsx'
import { SubmitButton } from './SubmitButton.tsx'

/** The fields of a dialog, what went wrong with the whole, and its two buttons. */
export function DialogForm({
  form,
  action,
  danger = false,
  onCancel,
  children,
}: {
  form: Form
  /** Words of the button that sends: what it does. */
  action: string
  danger?: boolean
  onCancel: () => void
  children: ReactNode
}) {
  return (
    <form onSubmit={form.onSubmit} noValidate className="space-y-4">
      {children}
      <FailureNote failure={form.failure} />
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <SubmitButton form={form} kind={danger ? 'danger' : 'primary'}>
          {action}
        </SubmitButton>
      </DialogActions>
    </form>
  )
}
