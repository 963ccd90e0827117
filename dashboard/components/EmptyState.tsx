import type { ReactNode } from 'react'

/** In place of a list without rows: what would stand here, and how it comes to be. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <div className="max-w-md">
        <p className="font-medium">{title}</p>
        {children !== undefined && <p className="mt-1 text-muted">{children}</p>}
      </div>
      {action}
    </div>
  )
}
