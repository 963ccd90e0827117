import type { CustomerId } from '#contracts/ids.ts'
import type { LimitOverrides, Plan } from '#contracts/plans.ts'
import type { Terms } from '#core/rules/limits-of.ts'
import type { NewApiKey } from './api-keys.ts'
import type { AuditEntry } from './audit-log.ts'
import type { PageRequest, TablePage } from './table.ts'
import type { ApiKey } from './customer-keys.ts'
import type { CustomerPlacement } from './customers.ts'
import type { Instance } from './instances.ts'
import type { ServerRoute } from './worker-gateway.ts'

/** A customer as admins see it. Deleted ones are seen by nobody. */
export interface CustomerAccount extends Terms, CustomerPlacement {
  id: CustomerId
  name: string
  status: 'active' | 'suspended'
  messagesToday: number
  instances: number
  createdAt: Date
}

export interface CustomerDetails {
  customer: CustomerAccount
  /** The newest 100. */
  instances: Instance[]
  apiKeys: ApiKey[]
}

export interface NewCustomer extends CustomerPlacement {
  id: CustomerId
  name: string
  plan: Plan
}

/** What is absent stays. */
export interface CustomerChanges extends Partial<CustomerPlacement> {
  name?: string
  plan?: Plan
  /** Takes the place of all earlier ones. */
  limitOverrides?: LimitOverrides
}

export interface CustomerFilter {
  status?: CustomerAccount['status']
  plan?: Plan
  /** How the name begins, in any case, or a whole id. */
  q?: string
  sort: { by: 'createdAt' | 'name'; descending: boolean }
}

/** Customers in the hands of admins. Every change writes its audit entry with it, both or neither. */
export interface CustomerAccounts {
  /** Creates a customer with a first key. */
  create(customer: NewCustomer, key: NewApiKey, audit: AuditEntry): Promise<void>
  list(filter: CustomerFilter, page: PageRequest): Promise<TablePage<CustomerAccount>>
  details(id: CustomerId): Promise<CustomerDetails | undefined>
  instances(id: CustomerId, page: PageRequest): Promise<TablePage<Instance> | undefined>
  update(id: CustomerId, changes: CustomerChanges, audit: AuditEntry): Promise<CustomerAccount | undefined>
  /** Suspended customers' requests answer 403 at once and their sessions stop. What is so already writes no entry. */
  setStatus(id: CustomerId, status: CustomerAccount['status'], audit: AuditEntry): Promise<CustomerAccount | undefined>
  /** Deletes the customer with its instances and their credentials, and revokes its keys. False when it is not there. */
  remove(id: CustomerId, audit: AuditEntry): Promise<boolean>
  /** The live workers that instances of the customer are placed on or owned by, the deleted ones too. */
  workersOf(id: CustomerId): Promise<ServerRoute[]>
}
