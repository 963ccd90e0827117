import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Deleted endpoints go with the last of their deliveries. */
export const purgeDeletedEndpoints = defineBatchJob('purge-deleted-endpoints', ({ retention }, limit) =>
  retention.purgeDeletedEndpointsAcrossCustomers(limit),
)
