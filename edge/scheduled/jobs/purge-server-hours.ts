import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of what servers did per hour, 90 days. */
export const purgeServerHours = defineBatchJob('purge-server-hours', ({ retention }, limit) =>
  retention.purgeServerHours(limit),
)
