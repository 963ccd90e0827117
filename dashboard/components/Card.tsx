import { useId, type ReactNode } from 'react'

/** A part of a page under its own heading. */
export function Card({
  title,
  hint,
  actions,
  flush = false,
  children,
}: {
  title: string
  hint?: ReactNode
  actions?: ReactNode
  /** For tables: the content reaches the edges. */
  flush?: boolean
  children: ReactNode
}) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-3">
        <div>
          <h2 id={id} className="text-sm font-semibold">
            {title}
          </h2>
          {hint !== undefined && <p className="text-xs text-muted">{hint}</p>}
        </div>
        {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
      </div>
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}
