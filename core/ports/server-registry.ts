import type { ServerId } from '#contracts/ids.ts'
import type { AuditEntry } from './audit-log.ts'
import type { ServerFigures } from './servers.ts'

/** Servers in the hands of admins. Every change writes its audit entry with it, both or neither. */
export interface ServerRegistry {
  /** In the status `provisioning`. False when a server that is not deleted has the name, in whatever case. */
  create(server: ServerFigures & { id: ServerId }, audit: AuditEntry): Promise<boolean>
  /** What is left out stays. */
  update(
    id: ServerId,
    changes: Partial<ServerFigures>,
    audit: AuditEntry,
  ): Promise<'updated' | 'unknown' | 'name-taken'>
  /**
   * Deletes a server on which nothing is placed and whose worker owns nothing, whatever runs beside it; its worker loses
   * its lease at the next renewal. Its row stays, for the audit log.
   */
  remove(id: ServerId, audit: AuditEntry): Promise<'removed' | 'unknown' | 'holds-instances'>
}
