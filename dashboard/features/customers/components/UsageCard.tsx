import type { CustomerDetail } from '#contracts/http/customers.ts'
import { Card } from '#dashboard/components/Card.tsx'
import { DayChart } from '#dashboard/components/DayChart.tsx'
import { ErrorState } from '#dashboard/components/ErrorState.tsx'
import { Meter } from '#dashboard/components/Meter.tsx'
import { Skeleton } from '#dashboard/components/Skeleton.tsx'
import { useCustomerUsage } from '#dashboard/features/customers/api/use-customer-usage.ts'
import { lastDays } from '#dashboard/features/customers/last-days.ts'

const shownDays = 30

/** What of the plan is used now, and how it went. */
export function UsageCard({ customer }: { customer: CustomerDetail }) {
  const usage = useCustomerUsage(customer.id, shownDays)
  const { messages_today, instances } = customer.usage
  return (
    <Card title="Usage" hint="Accepted messages; days begin at midnight UTC.">
      <div className="grid gap-x-8 gap-y-5 md:grid-cols-[15rem_minmax(0,1fr)]">
        <div className="space-y-4">
          <Meter label="Messages today" {...messages_today} />
          <Meter label="Instances" {...instances} />
        </div>
        {usage.data !== undefined ? (
          <DayChart
            label="Accepted messages a day"
            days={lastDays(shownDays, usage.data, new Date())}
            limit={messages_today.limit}
          />
        ) : usage.error !== null ? (
          <ErrorState error={usage.error} retry={() => void usage.refetch()} />
        ) : (
          <Skeleton rows={4} />
        )}
      </div>
    </Card>
  )
}
