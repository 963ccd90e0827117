import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of what servers did per minute, two days. */
export const purgeServerMinutes = defineBatchJob('purge-server-minutes', ({ retention }, limit) =>
  retention.purgeServerMinutes(limit),
)
