import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Answers under an Idempotency-Key are kept 7 days. */
export const purgeIdempotentRequests = defineBatchJob('purge-idempotent-requests', ({ idempotency }, limit) =>
  idempotency.purgeAcrossCustomers(limit),
)
