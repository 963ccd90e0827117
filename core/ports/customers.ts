import type { ApiKeyId, CustomerId, InstanceId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { NewApiKey } from './api-keys.ts'

/** What `/me` tells: the customer, the key in use and how much of the plan is used. */
export interface Account {
  customer: { id: CustomerId; name: string; plan: Plan }
  apiKey: { id: ApiKeyId; name: string; scopes: Scope[]; defaultInstanceId: InstanceId | null }
  messagesToday: number
  instances: number
}

export interface Customer {
  name: string
  plan: Plan
  status: 'active' | 'suspended'
}

export interface Customers {
  /** Creates a customer with a first key, both or neither, for the local stack: admins use CustomerAccounts. */
  create(customer: { id: CustomerId; name: string; plan: Plan }, key: NewApiKey): Promise<void>
  /** Undefined when it was deleted. */
  get(customerId: CustomerId): Promise<Customer | undefined>
  account(customerId: CustomerId, keyId: ApiKeyId): Promise<Account | undefined>
}
