import { defineJob } from '#edge/scheduled/define-job.ts'

/** Counts what was sent and received in the minutes that are over. */
export const rollUpMinutes = defineJob({
  name: 'roll-up-minutes',
  run: ({ serviceMetrics }) => serviceMetrics.rollUpMinutesAcrossCustomers(),
})
