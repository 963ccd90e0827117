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

export interface Customers {
  /** Creates a customer with a first key, both or neither. */
  create(customer: { id: CustomerId; name: string; plan: Plan }, key: NewApiKey): Promise<void>
  account(customerId: CustomerId, keyId: ApiKeyId): Promise<Account | undefined>
  /** Suspended customers' requests answer 403 at once and their sessions stop. */
  setStatus(customerId: CustomerId, status: 'active' | 'suspended'): Promise<void>
  /** Revokes a key; false when it is not this customer's. */
  revokeKey(customerId: CustomerId, keyId: ApiKeyId): Promise<boolean>
}
