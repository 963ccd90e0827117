import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of what was received, 14 days keep the hash. */
export const purgeJournal = defineBatchJob('purge-journal', ({ retention }, limit) =>
  retention.purgeJournalAcrossCustomers(limit),
)
