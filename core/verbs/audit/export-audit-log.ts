import type { AuditFilter } from '#core/ports/audit-log.ts'
import { csvLine } from '#core/rules/csv.ts'
import { presentAudit } from '#core/rules/present-admin.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import { auditOf } from './audit-entry.ts'

/** Rows per query: what one answer of the database may hold in the edge's memory. */
const batchSize = 500

const columns = [
  'id',
  'occurred_at',
  'admin_id',
  'admin_email',
  'action',
  'target',
  'customer_id',
  'address',
  'request_id',
] as const

/**
 * The audit log as the text of a CSV file, piece by piece: each is asked of the database when it is asked for. That it was
 * exported is written before the first.
 */
export async function* exportAuditLog(
  { auditLog }: Pick<AdminApp, 'auditLog'>,
  actor: AdminActor,
  filter: AuditFilter,
): AsyncGenerator<string, void> {
  await auditLog.append(auditOf(actor, { action: 'audit.export', target: null, details: { ...filter } }))
  let piece = csvLine([...columns, 'details'])
  let batch = await auditLog.listBefore(filter, undefined, batchSize)
  for (;;) {
    yield piece + batch.map(lineOf).join('')
    const last = batch.at(-1)
    if (last === undefined || batch.length < batchSize) return
    piece = ''
    batch = await auditLog.listBefore(filter, last.id, batchSize)
  }
}

function lineOf(record: Parameters<typeof presentAudit>[0]): string {
  const view = presentAudit(record)
  return csvLine([...columns.map((column) => view[column]), JSON.stringify(view.details)])
}
