import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Events and their deliveries are kept 30 days; after the attempts, which hold them. */
export const purgeEvents = defineBatchJob('purge-events', ({ retention }, limit) =>
  retention.purgeEventsAcrossCustomers(limit),
)
