import type { CustomerView } from '#contracts/http/customers.ts'
import { Badge } from '#dashboard/components/Badge.tsx'
import { formatWord } from '#dashboard/lib/format.ts'

export function CustomerStatus({ status }: Pick<CustomerView, 'status'>) {
  return <Badge tone={status === 'active' ? 'good' : 'warn'}>{formatWord(status)}</Badge>
}
