import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { ServerId } from '#contracts/ids.ts'
import { instanceStates } from '#contracts/instance-states.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, FilterSelect, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { CustomerFilter } from '#dashboard/features/customers/components/CustomerFilter.tsx'
import { useInstances } from '#dashboard/features/instances/api/use-instances.ts'
import type { InstancesSearch } from '#dashboard/features/instances/instances-search.ts'
import { useServerNames } from '#dashboard/features/servers/api/use-server-names.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { instanceColumns } from './instance-columns.tsx'

const states = instanceStates.map((state) => [state, formatWord(state)] as const)

export function InstancesPage() {
  const search = useSearch({ from: '/inside/instances' })
  const navigate = useNavigate({ from: '/instances' })
  const instances = useInstances(search)

  const change = (next: Partial<InstancesSearch>) => void navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const { page: _page, sort: _sort, ...filters } = search
  const filtered = Object.values(filters).some((value) => value !== undefined)
  const chosen = instances.data?.data.find(({ customer }) => customer.id === search.customer_id)

  return (
    <>
      <PageHeader title="Instances" hint="The WhatsApp numbers of all customers, and how each is." />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Search by name, number or id"
            placeholder="Name begins with, number, or id"
            value={search.q ?? ''}
            onSearch={(text) => change({ q: text === '' ? undefined : text })}
          />
          <CustomerFilter
            value={search.customer_id}
            name={chosen?.customer.name}
            onChange={(customer_id) => change({ customer_id })}
          />
          <FilterSelect
            label="State"
            all="Any state"
            value={search.state}
            options={states}
            onChange={(state) => change({ state })}
          />
          <ServerFilter value={search.server_id} onChange={(server_id) => change({ server_id })} />
        </FilterBar>
        <QueryTable
          label="Instances"
          query={instances}
          columns={instanceColumns}
          sort={search.sort}
          onSort={(sort) => change({ sort: sort as InstancesSearch['sort'] })}
          onPage={toPage}
          empty={
            filtered ? (
              <EmptyState
                title="No instance fits these filters."
                action={<Button onClick={() => void navigate({ search: {} })}>Remove the filters</Button>}
              />
            ) : (
              <EmptyState title="There is no instance yet.">Customers make them with their API keys.</EmptyState>
            )
          }
        />
      </div>
    </>
  )
}

function ServerFilter({
  value,
  onChange,
}: {
  value: ServerId | undefined
  onChange: (value: ServerId | undefined) => void
}) {
  const { data: servers = [] } = useServerNames()
  const options = servers.map(({ id, name }) => [id, name] as const)
  // One that is not among the first hundred, or was removed, is shown by its id.
  if (value !== undefined && !servers.some(({ id }) => id === value)) options.push([value, value])
  return <FilterSelect label="Server" all="Any server" value={value} options={options} onChange={onChange} />
}
