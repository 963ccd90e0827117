import type { CustomerDetail, CustomerView } from '#contracts/http/customers.ts'
import type { CustomerAccount, CustomerDetails } from '#core/ports/customer-accounts.ts'
import { limitsOf } from './limits-of.ts'
import { presentApiKey } from './present-api-key.ts'
import { presentInstance } from './present-instance.ts'

export function presentCustomer(account: CustomerAccount): CustomerView {
  const limits = limitsOf(account)
  return {
    id: account.id,
    name: account.name,
    plan: account.plan,
    limit_overrides: account.limitOverrides,
    status: account.status,
    region: account.region,
    assign_server: account.assignedServerId ?? 'auto',
    usage: {
      messages_today: { used: account.messagesToday, limit: limits.messagesPerDay },
      instances: { used: account.instances, limit: limits.instances },
    },
    created_at: account.createdAt.toISOString(),
  }
}

export function presentCustomerDetails({ customer, instances, apiKeys }: CustomerDetails): CustomerDetail {
  return {
    ...presentCustomer(customer),
    instances: instances.map(presentInstance),
    api_keys: apiKeys.map(presentApiKey),
  }
}
