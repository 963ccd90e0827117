import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Deleted instances go when nothing tells of them any more. */
export const purgeDeletedInstances = defineBatchJob('purge-deleted-instances', ({ retention }, limit) =>
  retention.purgeDeletedInstancesAcrossCustomers(limit),
)
