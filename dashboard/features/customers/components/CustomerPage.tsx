import { Link, useParams } from '@tanstack/react-router'
import { isId } from '#contracts/ids.ts'
import { buttonClass } from '#dashboard/components/Button.tsx'
import { CopyButton } from '#dashboard/components/CopyButton.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { PageHeader } from '#dashboard/components/PageHeader.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { Time } from '#dashboard/components/Time.tsx'
import { WayBack } from '#dashboard/components/WayBack.tsx'
import { useCustomer } from '#dashboard/features/customers/api/use-customer.ts'
import { WebhooksCard } from '#dashboard/features/webhooks/components/WebhooksCard.tsx'
import { CallFailed } from '#dashboard/lib/api/call-failed.ts'
import { formatWord } from '#dashboard/lib/format.ts'
import type { CustomerId } from '#contracts/ids.ts'
import { CustomerActions } from './CustomerActions.tsx'
import { CustomerStatus } from './CustomerStatus.tsx'
import { InstancesCard } from './InstancesCard.tsx'
import { KeysCard } from './KeysCard.tsx'
import { UsageCard } from './UsageCard.tsx'

export function CustomerPage() {
  const { customerId } = useParams({ from: '/inside/customers/$customerId' })
  return isId('customer', customerId) ? (
    <KnownCustomer customerId={customerId} />
  ) : (
    <CustomerMissing error={new CallFailed('NOT_FOUND', 'This is not the id of a customer.')} />
  )
}

function KnownCustomer({ customerId }: { customerId: CustomerId }) {
  const query = useCustomer(customerId)
  const gone = query.error instanceof CallFailed && query.error.code === 'NOT_FOUND'
  if (query.error !== null && (gone || query.data === undefined)) {
    return <CustomerMissing error={query.error} retry={() => void query.refetch()} />
  }
  const customer = query.data
  if (customer === undefined) return <Skeleton rows={10} />
  return (
    <>
      <WayBack to="/customers">Customers</WayBack>
      <PageHeader
        title="Customer"
        name={customer.name}
        badges={<CustomerStatus status={customer.status} />}
        hint={
          <span className="flex flex-wrap items-center gap-x-2">
            <span>{formatWord(customer.plan)} plan</span>·
            {customer.region !== null && (
              <>
                <span>
                  region <bdi>{customer.region}</bdi>
                </span>
                ·
              </>
            )}
            <span>
              since <Time value={customer.created_at} />
            </span>
            ·
            <span className="inline-flex items-center">
              <code className="font-mono text-xs break-all">{customer.id}</code>
              <CopyButton quiet label="Copy the id" text={customer.id} />
            </span>
          </span>
        }
        actions={<CustomerActions customer={customer} />}
      />
      <div className="space-y-5">
        <UsageCard customer={customer} />
        <InstancesCard customerId={customer.id} instances={customer.instances} />
        <WebhooksCard customerId={customer.id} />
        <KeysCard customer={customer} />
      </div>
    </>
  )
}

function CustomerMissing({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <>
      <WayBack to="/customers">Customers</WayBack>
      <PageHeader title="Customer" />
      <ErrorState error={error} {...(retry === undefined ? {} : { retry })}>
        <Link to="/customers" className={buttonClass('primary')}>
          All customers
        </Link>
      </ErrorState>
    </>
  )
}
