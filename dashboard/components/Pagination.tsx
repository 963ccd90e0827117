import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect } from 'react'
import { formatNumber } from '#dashboard/lib/format.ts'
import { Button } from './Button.tsx'

interface Meta {
  total: number
  page: number
  per_page: number
}

/** Which rows are shown, and the way to the others. A page beyond the end, of a list that shrank, leads to the last one. */
export function Pagination({ meta, onPage }: { meta: Meta; onPage: (page: number) => void }) {
  const { total, page, per_page: size } = meta
  const last = Math.max(1, Math.ceil(total / size))
  useEffect(() => {
    if (page > last) onPage(last)
  }, [page, last, onPage])
  if (total === 0) return null
  const from = (page - 1) * size + 1
  return (
    <nav
      aria-label="Pages"
      className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-muted"
    >
      <p className="tabular-nums">
        {formatNumber(from)} to {formatNumber(Math.min(page * size, total))} of {formatNumber(total)}
      </p>
      {last > 1 && (
        <div className="flex items-center gap-1">
          <Button kind="quiet" aria-label="Previous page" disabled={page <= 1} onClick={() => onPage(page - 1)}>
            <ChevronLeft aria-hidden />
          </Button>
          <span className="px-1 tabular-nums">
            Page {formatNumber(page)} of {formatNumber(last)}
          </span>
          <Button kind="quiet" aria-label="Next page" disabled={page >= last} onClick={() => onPage(page + 1)}>
            <ChevronRight aria-hidden />
          </Button>
        </div>
      )}
    </nav>
  )
}
