import { useNavigate, useSearch } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import { useCallback, useState } from 'react'
import { Button } from '#dashboard/components/Button.tsx'
import { DayFilters } from '#dashboard/components/DayFilters.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { useAuditLog } from '#dashboard/features/audit/api/use-audit-log.ts'
import type { AuditSearch } from '#dashboard/features/audit/audit-search.ts'
import { auditColumns } from './audit-columns.tsx'
import { ExportDialog } from './ExportDialog.tsx'

const orNothing = (text: string) => (text === '' ? undefined : text)

export function AuditPage() {
  const search = useSearch({ from: '/inside/audit' })
  const navigate = useNavigate({ from: '/audit' })
  const log = useAuditLog(search)
  const [exporting, setExporting] = useState<AuditSearch>()
  const endExport = useCallback(() => setExporting(undefined), [])
  const change = (next: Partial<AuditSearch>) => void navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const { page: _page, ...filters } = search
  const filtered = Object.values(filters).some((value) => value !== undefined)
  return (
    <>
      <PageHeader
        title="Audit log"
        hint="Who changed what, from where; entries are never changed."
        actions={
          <Button disabled={(log.data?.meta.total ?? 0) === 0} onClick={() => setExporting(search)}>
            <Download aria-hidden /> Export
          </Button>
        }
      />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Action"
            placeholder="Action, such as customer.create"
            value={search.action ?? ''}
            onSearch={(text) => change({ action: orNothing(text) })}
          />
          <SearchBox
            label="Target"
            placeholder="Target, such as an id"
            value={search.target ?? ''}
            onSearch={(text) => change({ target: orNothing(text) })}
          />
          <DayFilters
            from={search.from}
            to={search.to}
            filtered={filtered}
            onChange={change}
            onRemove={() => void navigate({ search: {} })}
          />
        </FilterBar>
        <QueryTable
          label="Audit log"
          query={log}
          columns={auditColumns}
          onPage={toPage}
          empty={
            <EmptyState title={filtered ? 'No entry fits these filters.' : 'Nothing has been changed yet.'}>
              {filtered ? 'Action and target have to be whole, such as customer.create.' : undefined}
            </EmptyState>
          }
        />
      </div>
      {exporting !== undefined && (
        <ExportDialog search={exporting} total={log.data?.meta.total ?? 0} onClose={endExport} />
      )}
    </>
  )
}
