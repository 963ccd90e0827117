import type { ApiKeyId, CustomerId, InstanceId, ServerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { Terms } from '#core/rules/limits-of.ts'
import type { NewApiKey } from './api-keys.ts'

/** What `/me` tells: the customer, the key in use and how much of the plan is used. */
export interface Account {
  customer: Terms & { id: CustomerId; name: string }
  apiKey: { id: ApiKeyId; name: string; scopes: Scope[]; defaultInstanceId: InstanceId | null }
  messagesToday: number
  instances: number
}

/** Where new instances of a customer go: to its own server while that has room, else to its region, else anywhere. */
export interface CustomerPlacement {
  region: string | null
  /** Null: chosen for each instance. */
  assignedServerId: ServerId | null
}

export interface Customer extends Terms, CustomerPlacement {
  name: string
  status: 'active' | 'suspended'
}

export interface Customers {
  /** Creates a customer with a first key, both or neither, for the local stack: admins use CustomerAccounts. */
  create(customer: { id: CustomerId; name: string; plan: Plan }, key: NewApiKey): Promise<void>
  /** Undefined when it was deleted. */
  get(customerId: CustomerId): Promise<Customer | undefined>
  account(customerId: CustomerId, keyId: ApiKeyId): Promise<Account | undefined>
}
