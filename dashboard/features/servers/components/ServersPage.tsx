import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { serverStatusSchema } from '#contracts/http/servers.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, FilterSelect, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { useServers } from '#dashboard/features/servers/api/use-servers.ts'
import type { ServersSearch } from '#dashboard/features/servers/servers-search.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { AddServerDialog } from './AddServerDialog.tsx'
import { serverColumns } from './server-columns.tsx'

const statuses = serverStatusSchema.options.map((status) => [status, formatWord(status)] as const)

export function ServersPage() {
  const search = useSearch({ from: '/inside/servers' })
  const navigate = useNavigate({ from: '/servers' })
  const mayChange = useMay('admin')
  const [adding, setAdding] = useState(false)
  const servers = useServers(search)

  const change = (next: Partial<ServersSearch>) => navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const filtered = search.q !== undefined || search.status !== undefined || search.region !== undefined
  const add = mayChange && (
    <Button kind="primary" onClick={() => setAdding(true)}>
      <Plus aria-hidden /> Add server
    </Button>
  )
  const orNothing = (text: string) => (text === '' ? undefined : text)

  return (
    <>
      <PageHeader title="Servers" hint="The machines whose workers hold the sessions of WhatsApp." actions={add} />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Search by name or id"
            placeholder="Name begins with, or id"
            value={search.q ?? ''}
            onSearch={(q) => void change({ q: orNothing(q) })}
          />
          <SearchBox
            label="Region"
            placeholder="Region, such as sa-east"
            value={search.region ?? ''}
            onSearch={(region) => void change({ region: orNothing(region) })}
          />
          <FilterSelect
            label="Status"
            all="Any status"
            value={search.status}
            options={statuses}
            onChange={(status) => void change({ status })}
          />
        </FilterBar>
        <QueryTable
          label="Servers"
          query={servers}
          columns={serverColumns}
          sort={search.sort}
          onSort={(sort) => void change({ sort: sort as ServersSearch['sort'] })}
          onPage={toPage}
          empty={
            filtered ? (
              <EmptyState
                title="No server fits these filters."
                action={<Button onClick={() => void navigate({ search: {} })}>Remove the filters</Button>}
              />
            ) : (
              <EmptyState title="There is no server yet." action={add}>
                Instances need a server to run on. Add one and run the command that you get on that machine.
              </EmptyState>
            )
          }
        />
      </div>
      <AddServerDialog open={adding} onOpenChange={setAdding} />
    </>
  )
}
