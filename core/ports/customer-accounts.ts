import type { CustomerId } from '#contracts/ids.ts'
import type { Plan } from '#contracts/plans.ts'
import type { NewApiKey } from './api-keys.ts'
import type { AuditEntry } from './audit-log.ts'
import type { PageRequest, TablePage } from './table.ts'
import type { ApiKey } from './customer-keys.ts'
import type { Instance } from './instances.ts'
import type { ServerRoute } from './worker-gateway.ts'

/** A customer as admins see it. Deleted ones are seen by nobody. */
export interface CustomerAccount {
  id: CustomerId
  name: string
  plan: Plan
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

export interface CustomerFilter {
  status?: CustomerAccount['status']
  plan?: Plan
  /** How the name begins, in any case, or a whole id. */
  q?: string
  sort: { by: 'createdAt' | 'name'; descending: boolean }
}

export interface UsageDay {
  /** `YYYY-MM-DD` in UTC. */
  day: string
  messages: number
  /** As the plan was at the last message of the day. */
  quota: number | null
}

/** Customers in the hands of admins. Every change writes its audit entry with it, both or neither. */
export interface CustomerAccounts {
  /** Creates a customer with a first key. */
  create(customer: { id: CustomerId; name: string; plan: Plan }, key: NewApiKey, audit: AuditEntry): Promise<void>
  list(filter: CustomerFilter, page: PageRequest): Promise<TablePage<CustomerAccount>>
  details(id: CustomerId): Promise<CustomerDetails | undefined>
  /** The days of the last `days` that have messages, newest first. */
  usage(id: CustomerId, days: number): Promise<UsageDay[] | undefined>
  instances(id: CustomerId, page: PageRequest): Promise<TablePage<Instance> | undefined>
  update(
    id: CustomerId,
    changes: { name?: string; plan?: Plan },
    audit: AuditEntry,
  ): Promise<CustomerAccount | undefined>
  /** Suspended customers' requests answer 403 at once and their sessions stop. What is so already writes no entry. */
  setStatus(id: CustomerId, status: CustomerAccount['status'], audit: AuditEntry): Promise<CustomerAccount | undefined>
  /** Deletes the customer with its instances and their credentials, and revokes its keys. False when it is not there. */
  remove(id: CustomerId, audit: AuditEntry): Promise<boolean>
  /** The live workers that instances of the customer are placed on or owned by, the deleted ones too. */
  workersOf(id: CustomerId): Promise<ServerRoute[]>
}
