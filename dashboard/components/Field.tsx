import { useId, type ComponentProps, type ReactNode } from 'react'

const control =
  'w-full min-h-9 rounded-md border bg-surface px-3 py-1.5 text-sm text-ink placeholder:text-muted disabled:opacity-55 aria-invalid:border-bad border-line-strong'

interface Labelled {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

function Frame({ id, label, hint, error, children }: Labelled & { id: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      {children}
      {error !== undefined && (
        <p id={`${id}-error`} className="mt-1 text-sm text-bad">
          {label} {error}.
        </p>
      )}
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}

function describedBy(id: string, { hint, error }: Labelled) {
  const ids = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean)
  return { 'aria-invalid': error !== undefined, 'aria-describedby': ids.length > 0 ? ids.join(' ') : undefined }
}

export function TextField({ label, hint, error, className = '', ...rest }: ComponentProps<'input'> & Labelled) {
  const id = useId()
  const labelled = { label, hint, error }
  return (
    <Frame id={id} {...labelled}>
      <input
        id={id}
        autoComplete="off"
        {...rest}
        {...describedBy(id, labelled)}
        className={`${control} ${className}`}
      />
    </Frame>
  )
}

/** The browser's own list: it suits keyboards, phones and screen readers, and needs no style of its own in the page. */
export function SelectField({
  label,
  hint,
  error,
  options,
  ...rest
}: ComponentProps<'select'> & Labelled & { options: readonly (readonly [value: string, text: string])[] }) {
  const id = useId()
  const labelled = { label, hint, error }
  return (
    <Frame id={id} {...labelled}>
      <select id={id} {...rest} {...describedBy(id, labelled)} className={control}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Frame>
  )
}
