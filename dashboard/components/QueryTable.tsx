import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { DataTable, type Column } from './DataTable.tsx'
import { ErrorState } from './ErrorState.tsx'
import { Pagination } from './Pagination.tsx'
import { Skeleton } from './Skeleton.tsx'
import { StaleNote } from './StaleNote.tsx'

interface Page<Row> {
  data: Row[]
  meta: { total: number; page: number; per_page: number }
}

/** A table of the server's pages with all that it can be: on its way, failed, empty, full, and stale behind the next page. */
export function QueryTable<Row extends object>({
  query,
  empty,
  onPage,
  ...table
}: {
  label: string
  query: UseQueryResult<Page<Row>>
  columns: Column<Row>[]
  sort?: string
  onSort?: (sort: string) => void
  onPage: (page: number) => void
  empty: ReactNode
}) {
  // Rows of other filters are not shown as if they were the answer to these.
  if (query.data === undefined || (query.error !== null && query.isPlaceholderData)) {
    if (query.error === null) return <Skeleton rows={8} />
    return <ErrorState error={query.error} retry={() => void query.refetch()} />
  }
  if (query.data.meta.total === 0) return empty
  return (
    <>
      <StaleNote error={query.error} />
      <DataTable {...table} rows={query.data.data} busy={query.isPlaceholderData} />
      <Pagination meta={query.data.meta} onPage={onPage} />
    </>
  )
}
