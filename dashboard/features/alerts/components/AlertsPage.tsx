import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import { alertKinds, alertStates, type AlertKind } from '#contracts/alerts.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, FilterSelect, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { Segments } from '#dashboard/components/Segments.tsx'
import { useAlerts } from '#dashboard/features/alerts/api/use-alerts.ts'
import type { AlertsSearch } from '#dashboard/features/alerts/alerts-search.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { alertColumns, alertColumnsToChange } from './alert-columns.tsx'

const kinds = (Object.keys(alertKinds) as AlertKind[]).map((kind) => [kind, formatWord(kind)] as const)
const states = [...alertStates, 'all' as const].map((state) => [state, formatWord(state)] as const)

export function AlertsPage() {
  const search = useSearch({ from: '/inside/alerts' })
  const navigate = useNavigate({ from: '/alerts' })
  const mayChange = useMay('admin')
  const alerts = useAlerts(search)
  const change = (next: Partial<AlertsSearch>) => void navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const filtered = search.kind !== undefined || search.subject !== undefined || search.customer_id !== undefined

  return (
    <>
      <PageHeader
        title="Alerts"
        hint="What needs somebody. Each resolves by itself when its cause is gone."
        actions={
          <Segments label="State" options={states} value={search.state} onChange={(state) => change({ state })} />
        }
      />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Subject"
            placeholder="About, such as the id of a server"
            value={search.subject ?? ''}
            onSearch={(text) => change({ subject: text === '' ? undefined : text })}
          />
          <FilterSelect
            label="Kind"
            all="Any kind"
            value={search.kind}
            options={kinds}
            onChange={(kind) => change({ kind })}
          />
          {filtered && (
            <Button kind="quiet" onClick={() => void navigate({ search: { state: search.state } })}>
              Remove the filters
            </Button>
          )}
        </FilterBar>
        <QueryTable
          label="Alerts"
          query={alerts}
          columns={mayChange ? alertColumnsToChange : alertColumns}
          onPage={toPage}
          empty={<EmptyState {...emptyWords(search.state, filtered)} />}
        />
      </div>
    </>
  )
}

function emptyWords(state: AlertsSearch['state'], filtered: boolean): { title: string; children?: string } {
  if (filtered)
    return { title: 'No alert fits these filters.', children: 'Its subject has to be whole, such as an id.' }
  if (state === 'open')
    return { title: 'Nothing waits for anybody.', children: 'The service is looked at each minute.' }
  if (state === 'acknowledged') return { title: 'Nobody cares for an alert at present.' }
  return { title: 'There was no alert in the last 90 days.' }
}
