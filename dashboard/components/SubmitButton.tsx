import type { ReactNode } from 'react'
import type { Form } from '#dashboard/lib/use-form.ts'
import { Button, type ButtonKind } from './Button.tsx'

/** Sends its form: neither twice at once, nor before the service is willing to be asked again. */
export function SubmitButton({
  form: { busy, waiting },
  kind = 'primary',
  className = '',
  children,
}: {
  form: Pick<Form, 'busy' | 'waiting'>
  kind?: ButtonKind
  className?: string
  children: ReactNode
}) {
  return (
    <Button type="submit" kind={kind} busy={busy} disabled={waiting} className={className}>
      {children}
    </Button>
  )
}
