import type { CustomerDetail, CustomerView } from '#contracts/http/customers.ts'
import { plans } from '#contracts/plans.ts'
import type { CustomerAccount, CustomerDetails, UsageDay } from '#core/ports/customer-accounts.ts'
import { presentApiKey } from './present-api-key.ts'
import { presentInstance } from './present-instance.ts'

export function presentCustomer(account: CustomerAccount): CustomerView {
  const plan = plans[account.plan]
  return {
    id: account.id,
    name: account.name,
    plan: account.plan,
    status: account.status,
    usage: {
      messages_today: { used: account.messagesToday, limit: plan.messagesPerDay },
      instances: { used: account.instances, limit: plan.instances },
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

export function presentUsageDay({ day, messages, quota }: UsageDay) {
  return { day, messages, limit: quota }
}
