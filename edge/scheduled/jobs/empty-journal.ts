import { defineBatchJob } from '#edge/scheduled/define-job.ts'

/** Of what was received, 7 days keep the plaintext. */
export const emptyJournal = defineBatchJob('empty-journal', ({ retention }, limit) =>
  retention.emptyJournalAcrossCustomers(limit),
)
