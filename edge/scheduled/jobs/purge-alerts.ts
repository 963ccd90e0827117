import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of resolved alerts, 90 days. */
export const purgeAlerts = defineBatchJob('purge-alerts', ({ retention }, limit) =>
  retention.purgeAlertsAcrossCustomers(limit),
)
