import type { AccountView } from '#contracts/http/account.ts'
import { plans } from '#contracts/plans.ts'
import type { Account } from '#core/ports/customers.ts'

export function presentAccount(account: Account): AccountView {
  const plan = plans[account.customer.plan]
  return {
    customer: account.customer,
    api_key: {
      id: account.apiKey.id,
      name: account.apiKey.name,
      scopes: account.apiKey.scopes,
      default_instance_id: account.apiKey.defaultInstanceId,
    },
    usage: {
      messages_today: { used: account.messagesToday, limit: plan.messagesPerDay },
      instances: { used: account.instances, limit: plan.instances },
    },
  }
}
