import { z } from 'zod'
import { listAuditLogsContract } from '#contracts/http/admins.ts'

const { action, target, admin_id } = listAuditLogsContract.query.shape
const day = z.iso.date().optional().catch(undefined)

/** Filters and page of the audit log as the address holds them. Days are whole days in the person's zone. */
export const auditSearch = {
  schema: z.object({
    page: z.number().int().min(1).catch(1).default(1),
    action: action.catch(undefined),
    target: target.catch(undefined),
    admin_id: admin_id.catch(undefined),
    from: day,
    to: day,
  }),
  defaults: { page: 1 },
} as const
export type AuditSearch = z.output<typeof auditSearch.schema>
