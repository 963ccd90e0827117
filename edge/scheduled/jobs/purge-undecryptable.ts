import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** 30 days know what could not be decrypted. */
export const purgeUndecryptable = defineBatchJob('purge-undecryptable', ({ retention }, limit) =>
  retention.purgeUndecryptableAcrossCustomers(limit),
)
