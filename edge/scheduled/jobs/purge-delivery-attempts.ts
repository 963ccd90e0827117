import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Attempts at webhooks are kept 30 days. */
export const purgeDeliveryAttempts = defineBatchJob('purge-delivery-attempts', ({ retention }, limit) =>
  retention.purgeDeliveryAttemptsAcrossCustomers(limit),
)
