import { useNavigate, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import { planNames } from '#contracts/plans.ts'
import { Button } from '#dashboard/components/Button.tsx'
import { EmptyState } from '#dashboard/components/EmptyState.tsx'
import { FilterBar, FilterSelect, SearchBox } from '#dashboard/components/Filters.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { QueryTable } from '#dashboard/components/QueryTable.tsx'
import { useCustomers } from '#dashboard/features/customers/api/use-customers.ts'
import type { CustomersSearch } from '#dashboard/features/customers/customers-search.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import { useMay } from '#dashboard/lib/session.ts'
import { CreateCustomerDialog } from './CreateCustomerDialog.tsx'
import { customerColumns } from './customer-columns.tsx'

const statuses = [
  ['active', 'Active'],
  ['suspended', 'Suspended'],
] as const
const plans = planNames.map((plan) => [plan, formatWord(plan)] as const)

export function CustomersPage() {
  const search = useSearch({ from: '/inside/customers' })
  const navigate = useNavigate({ from: '/customers' })
  const mayChange = useMay('admin')
  const [creating, setCreating] = useState(false)
  const customers = useCustomers(search)

  const change = (next: Partial<CustomersSearch>) => navigate({ search: { ...search, page: 1, ...next } })
  const toPage = useCallback((page: number) => void navigate({ search: (before) => ({ ...before, page }) }), [navigate])
  const filtered = search.q !== undefined || search.status !== undefined || search.plan !== undefined
  const create = mayChange && (
    <Button kind="primary" onClick={() => setCreating(true)}>
      <Plus aria-hidden /> New customer
    </Button>
  )

  return (
    <>
      <PageHeader title="Customers" hint="Who uses the service, on which plan, and how much." actions={create} />
      <div className="rounded-lg border border-line bg-surface">
        <FilterBar>
          <SearchBox
            label="Search by name or id"
            placeholder="Name begins with, or id"
            value={search.q ?? ''}
            onSearch={(q) => void change({ q: q === '' ? undefined : q })}
          />
          <FilterSelect
            label="Status"
            all="Any status"
            value={search.status}
            options={statuses}
            onChange={(status) => void change({ status })}
          />
          <FilterSelect
            label="Plan"
            all="Any plan"
            value={search.plan}
            options={plans}
            onChange={(plan) => void change({ plan })}
          />
        </FilterBar>
        <QueryTable
          label="Customers"
          query={customers}
          columns={customerColumns}
          sort={search.sort}
          onSort={(sort) => void change({ sort: sort as CustomersSearch['sort'] })}
          onPage={toPage}
          empty={
            filtered ? (
              <EmptyState
                title="No customer fits these filters."
                action={<Button onClick={() => void navigate({ search: {} })}>Remove the filters</Button>}
              />
            ) : (
              <EmptyState title="There is no customer yet." action={create}>
                A customer has a plan, API keys and WhatsApp numbers. The first key comes with it.
              </EmptyState>
            )
          }
        />
      </div>
      <CreateCustomerDialog open={creating} onOpenChange={setCreating} />
    </>
  )
}
