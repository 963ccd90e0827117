import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Messages are kept 90 days. */
export const purgeMessages = defineBatchJob('purge-messages', ({ retention }, limit) =>
  retention.purgeMessagesAcrossCustomers(limit),
)
