import { useEffect, type ReactNode } from 'react'

/** The page's heading with what can be done there; it names the tab too. */
export function PageHeader({
  title,
  name,
  badges,
  hint,
  actions,
}: {
  title: string
  /** What strangers named: shown in place of the title. */
  name?: string | undefined
  badges?: ReactNode
  hint?: ReactNode
  actions?: ReactNode
}) {
  useEffect(() => {
    document.title = `${name ?? title} · Wharf`
  }, [title, name])
  return (
    <div className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 [overflow-wrap:anywhere]">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="text-xl font-semibold tracking-tight">{name === undefined ? title : <bdi>{name}</bdi>}</h1>
          {badges}
        </div>
        {hint !== undefined && <div className="mt-0.5 text-muted">{hint}</div>}
      </div>
      {actions !== undefined && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  )
}
