import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of what was sent and received per minute, 30 days. */
export const purgeMinuteStats = defineBatchJob('purge-minute-stats', ({ retention }, limit) =>
  retention.purgeMinuteStatsAcrossCustomers(limit),
)
