import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { DayFilters } from '#dashboard/components/DayFilters.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { Segments } from '#dashboard/components/Segments.tsx'
import { useUsage } from '#dashboard/features/usage/api/use-usage.ts'
import { refusedDays, type UsageSearch } from '#dashboard/features/usage/usage-search.ts'
import { usageColumns } from './usage-columns.tsx'

const groups = [
  ['plan', 'Plans'],
  ['customer', 'Customers'],
  ['server', 'Servers'],
] as const
const orNothing = (text: string) => (text === '' ? undefined : text)

export function UsagePage() {
  const search = useSearch({ from: '/inside/usage' })
  const navigate = useNavigate({ from: '/usage' })
  const refused = refusedDays(search, new Date())
  const usage = useUsage(search, refused === undefined)
  const columns = useMemo(() => usageColumns(search.by), [search.by])
  const change = (next: Partial<UsageSearch>) => void navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const filtered = search.q !== undefined || search.from !== undefined || search.to !== undefined

  return (
    <>
      <PageHeader
        title="Usage"
        hint="What was used, the last 30 days unless you choose others. Days begin at midnight UTC."
        actions={
          <Segments
            label="Per"
            options={groups}
            value={search.by}
            // Names and orders of one are none of the other.
            onChange={(by) => void navigate({ search: { from: search.from, to: search.to, by } })}
          />
        }
      />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Name or id"
            placeholder="Name begins with, or id"
            value={search.q ?? ''}
            onSearch={(q) => change({ q: orNothing(q) })}
          />
          <DayFilters
            from={search.from}
            to={search.to}
            filtered={filtered}
            onChange={change}
            onRemove={() => void navigate({ search: { by: search.by } })}
          />
        </FilterBar>
        {refused === undefined ? (
          <QueryTable
            label="Usage"
            query={usage}
            columns={columns}
            sort={search.sort}
            onSort={(sort) => change({ sort: sort as UsageSearch['sort'] })}
            onPage={toPage}
            empty={<EmptyState title="Nothing was used in these days." />}
          />
        ) : (
          <EmptyState title={refused} />
        )}
      </div>
    </>
  )
}
