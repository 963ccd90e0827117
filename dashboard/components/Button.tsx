import type { ComponentProps } from 'react'

export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger'

const base =
  'inline-flex min-h-9 items-center justify-center gap-2 rounded-md px-3.5 py-1.5 text-sm font-medium whitespace-nowrap transition-colors disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0'
const kinds: Record<ButtonKind, string> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong',
  plain: 'border border-line bg-surface text-ink hover:bg-sunken',
  quiet: 'text-ink hover:bg-sunken',
  danger: 'bg-bad-strong text-on-bad hover:opacity-90',
}

/** For links that look like buttons. */
export function buttonClass(kind: ButtonKind = 'plain'): string {
  return `${base} ${kinds[kind]}`
}

export function Button({
  kind = 'plain',
  busy = false,
  className = '',
  disabled,
  children,
  ...rest
}: ComponentProps<'button'> & { kind?: ButtonKind; busy?: boolean }) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || busy}
      aria-busy={busy}
      className={`${buttonClass(kind)} ${className}`}
    >
      {busy && (
        <span aria-hidden className="size-3.5 animate-spin rounded-full border-2 border-current border-t-transparent" />
      )}
      {children}
    </button>
  )
}
