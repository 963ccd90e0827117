import { watchForAlerts as watch } from '#core/verbs/alerts/watch-for-alerts.ts'
import { defineJob } from '#edge/scheduled/define-job.ts'

/** Opens alerts, and resolves those whose cause is gone. */
export const watchForAlerts = defineJob({
  name: 'watch-for-alerts',
  run: async (services) => watch(services, { redis: await services.probes.redis() }),
})
