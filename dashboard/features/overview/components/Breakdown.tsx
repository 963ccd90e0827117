import type { ReactNode } from 'react'
import { formatNumber } from '#dashboard/lib/format.ts'

/** How a whole is made up: a row for each part that there is, with its share as a bar. */
export function Breakdown({ parts }: { parts: readonly { name: ReactNode; key: string; count: number }[] }) {
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  return (
    <ul className="space-y-2.5">
      {parts
        .filter(({ count }) => count > 0)
        .map(({ key, name, count }) => (
          <li key={key} className="grid grid-cols-[7.5rem_minmax(0,1fr)_auto] items-center gap-3">
            <span>{name}</span>
            <span aria-hidden className="h-2 overflow-hidden rounded-full bg-line">
              <span className="block h-full rounded-full bg-accent" style={{ width: `${(count / total) * 100}%` }} />
            </span>
            <span className="min-w-8 text-right tabular-nums">{formatNumber(count)}</span>
          </li>
        ))}
    </ul>
  )
}
