import type { AccountView } from '#contracts/http/account.ts'
import type { Account } from '#core/ports/customers.ts'
import { limitsOf } from './limits-of.ts'

export function presentAccount(account: Account): AccountView {
  const { id, name, plan } = account.customer
  const limits = limitsOf(account.customer)
  return {
    customer: { id, name, plan },
    api_key: {
      id: account.apiKey.id,
      name: account.apiKey.name,
      scopes: account.apiKey.scopes,
      default_instance_id: account.apiKey.defaultInstanceId,
    },
    usage: {
      messages_today: { used: account.messagesToday, limit: limits.messagesPerDay },
      instances: { used: account.instances, limit: limits.instances },
    },
  }
}
