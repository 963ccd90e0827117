import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of who changed what, 90 days. */
export const purgeAuditLogs = defineBatchJob('purge-audit-logs', ({ retention }, limit) =>
  retention.purgeAuditLogsAcrossCustomers(limit),
)
