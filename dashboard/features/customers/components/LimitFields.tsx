import { useState } from 'react'
import { TextField } from '#dashboard/components/Field.tsx'
import { customerLabels } from '#dashboard/features/customers/customer-texts.ts'
import { limitNames, unlimited } from '#dashboard/features/customers/read-limits.ts'
import type { Texts } from '#dashboard/lib/edit-texts.ts'

/** What was agreed otherwise than the plan says; folded away while that is nothing. */
export function LimitFields({ texts, errors }: { texts: Texts; errors: Record<string, string> }) {
  const fields = limitNames.map((name) => `limit_overrides.${name}`)
  const refused = fields.some((field) => errors[field] !== undefined)
  // Once open it stays so until somebody folds it: a field that closes while it is sent cannot say what is wrong.
  const [open, setOpen] = useState(fields.some((field) => (texts[field] ?? '') !== ''))
  return (
    <details open={open || refused} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="cursor-pointer text-sm font-medium">Limits of its own</summary>
      <p className="mt-1 mb-3 text-xs text-muted">
        A number, or “{unlimited}”, where something else was agreed than the plan says. Empty is as in the plan.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        {fields.map((field) => (
          <TextField
            key={field}
            name={field}
            label={customerLabels[field] ?? field}
            placeholder="As in the plan"
            defaultValue={texts[field]}
            error={errors[field]}
          />
        ))}
      </div>
    </details>
  )
}
