import type { Job } from './define-job.ts'
import { checkServers } from './jobs/check-servers.ts'
import { emptyJournal } from './jobs/empty-journal.ts'
import { eraseLoggedOutSessions } from './jobs/erase-logged-out-sessions.ts'
import { purgeAlerts } from './jobs/purge-alerts.ts'
import { purgeAuditLogs } from './jobs/purge-audit-logs.ts'
import { purgeDeletedEndpoints } from './jobs/purge-deleted-endpoints.ts'
import { purgeDeletedInstances } from './jobs/purge-deleted-instances.ts'
import { purgeDeliveryAttempts } from './jobs/purge-delivery-attempts.ts'
import { purgeEvents } from './jobs/purge-events.ts'
import { purgeIdempotentRequests } from './jobs/purge-idempotent-requests.ts'
import { purgeJournal } from './jobs/purge-journal.ts'
import { purgeMessages } from './jobs/purge-messages.ts'
import { purgeUndecryptable } from './jobs/purge-undecryptable.ts'
import { purgeMinuteStats } from './jobs/purge-minute-stats.ts'
import { purgeServerHours } from './jobs/purge-server-hours.ts'
import { purgeServerMinutes } from './jobs/purge-server-minutes.ts'
import { rollUpMinutes } from './jobs/roll-up-minutes.ts'
import { rollUpServerHours } from './jobs/roll-up-server-hours.ts'
import { tellOfAlerts } from './jobs/tell-of-alerts.ts'
import { watchForAlerts } from './jobs/watch-for-alerts.ts'

/** What the edge does every minute, in this order. What is not here does not run. */
export const jobTable: readonly Job[] = [
  rollUpMinutes,
  rollUpServerHours,
  checkServers,
  watchForAlerts,
  tellOfAlerts,
  eraseLoggedOutSessions,
  emptyJournal,
  purgeJournal,
  purgeUndecryptable,
  purgeDeliveryAttempts,
  purgeEvents,
  purgeMessages,
  purgeIdempotentRequests,
  purgeDeletedEndpoints,
  purgeDeletedInstances,
  purgeAuditLogs,
  purgeAlerts,
  purgeMinuteStats,
  purgeServerMinutes,
  purgeServerHours,
]
