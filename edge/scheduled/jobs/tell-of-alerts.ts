import { tellOfAlerts as tell } from '#core/verbs/alerts/tell-of-alerts.ts'
import { defineJob } from '#edge/scheduled/define-job.ts'

/** Tells the operator's webhook of alerts. */
export const tellOfAlerts = defineJob({ name: 'tell-of-alerts', run: tell })
