import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'

/** The bar at the top of a screen. */
export function ScreenBar({ title, back, children }: { title: string; back?: () => void; children?: ReactNode }) {
  return (
    <div className="flex min-h-14 items-center gap-2 border-b border-line bg-accent-soft px-3">
      {back !== undefined && (
        <button type="button" aria-label="Back" onClick={back} className="rounded-md p-1.5 hover:bg-surface">
          <ArrowLeft aria-hidden className="size-5" />
        </button>
      )}
      <h2 className="min-w-0 flex-1 truncate px-1 text-base font-semibold">
        <bdi>{title}</bdi>
      </h2>
      {children}
    </div>
  )
}
