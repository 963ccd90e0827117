import type { AdminId, AuditEntryId, CustomerId } from '#contracts/ids.ts'
import type { PageRequest, TablePage } from './table.ts'

/** One fact of the audit log. Stores that change something for an admin write it in the same transaction. */
export interface AuditEntry {
  id: AuditEntryId
  /** Null where no admin was proven: a log-in that failed, or a customer's change of its own keys. */
  adminId: AdminId | null
  /** `admin.create`, `server.drain` ... */
  action: string
  /** What it was done to: an id, or the e-mail address of a log-in. */
  target: string | null
  customerId?: CustomerId
  /** Network address that the request came from. */
  address: string | null
  requestId: string
  /** What changed, without secrets. */
  details: Record<string, unknown>
}

/** An entry as it is read back. */
export interface AuditRecord extends Omit<AuditEntry, 'customerId'> {
  customerId: CustomerId | null
  adminEmail: string | null
  occurredAt: Date
}

export interface AuditFilter {
  adminId?: AdminId
  action?: string
  target?: string
  from?: Date
  to?: Date
}

/** Who did what. Entries are added, never changed. */
export interface AuditLog {
  append(entry: AuditEntry): Promise<void>
  /** Newest first. */
  list(filter: AuditFilter, page: PageRequest): Promise<TablePage<AuditRecord>>
  /** The newest `limit` entries that are older than the entry `before`, or than all to come; none once that one is purged. */
  listBefore(filter: AuditFilter, before: AuditEntryId | undefined, limit: number): Promise<AuditRecord[]>
}
