import type { AlertNotifier } from '#core/ports/alert-notifier.ts'
import type { Alert, NoticeType } from '#core/ports/alerts.ts'
import { presentAlert } from '#core/rules/present-alert.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'

/** Alerts of one run; the next goes on a minute later. */
const mostAlerts = 20

/**
 * Tells the operator's webhook of what opened and what is over; returns how many notices were taken. What was not taken is
 * tried again by the next run, under the same id, for as long as it takes; the failure is thrown once all were tried. While
 * no webhook is set, what is over is never told: whoever sets one hears of what is open then.
 */
export async function tellOfAlerts({
  alerts,
  alertNotifier,
}: Pick<AdminApp, 'alerts' | 'alertNotifier'>): Promise<number> {
  if (alertNotifier === undefined) {
    await alerts.dropResolvedNotices()
    return 0
  }
  const untold = await alerts.untold(mostAlerts)
  const outcomes = await Promise.allSettled(
    untold.map(async ({ alert, due }) => {
      try {
        for (const notice of due) await tell(alertNotifier, alert, notice).then(() => alerts.markTold(alert.id, notice))
      } catch (error) {
        await alerts.markTried(alert.id)
        throw error
      }
      return due.length
    }),
  )
  const failed = outcomes.find((outcome) => outcome.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return outcomes.reduce((told, outcome) => told + (outcome.status === 'fulfilled' ? outcome.value : 0), 0)
}

function tell(notifier: AlertNotifier, alert: Alert, notice: NoticeType): Promise<void> {
  const moment = notice === 'resolved' ? (alert.resolvedAt ?? alert.seenAt) : alert.openedAt
  return notifier.send({
    id: `${alert.id}.${notice}`,
    type: `alert.${notice}`,
    timestamp: moment.toISOString(),
    data: presentAlert(alert),
  })
}
