import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** A session that the phone logged out keeps its credentials for 7 days. */
export const eraseLoggedOutSessions = defineBatchJob('erase-logged-out-sessions', ({ retention }, limit) =>
  retention.eraseLoggedOutSessionsAcrossCustomers(limit),
)
