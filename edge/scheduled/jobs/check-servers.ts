import { checkServers as check } from '#core/verbs/servers/check-servers.ts'
import { defineJob } from '#edge/scheduled/define-job.ts'

/** Calls each worker, before alerts are looked for. */
export const checkServers = defineJob({ name: 'check-servers', run: check })
