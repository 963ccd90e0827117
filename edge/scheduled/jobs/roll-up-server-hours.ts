import { defineJob } from '#edge/scheduled/define-job.ts'

/** Adds what servers did per minute to their hours, which are kept for longer. */
export const rollUpServerHours = defineJob({
  name: 'roll-up-server-hours',
  run: ({ serverMetrics }) => serverMetrics.rollUpHours(),
})
