import { alertKinds } from '#contracts/alerts.ts'
import { alertCauses, quietMs } from '#core/rules/alert-causes.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'

/**
 * Looks for what needs somebody, opens alerts and resolves those whose cause is gone; returns how many of both. Without the
 * database nothing can be kept, so that is told at once: under one id an hour, and with no word when it is over.
 */
export async function watchForAlerts(
  app: Pick<AdminApp, 'alerts' | 'alertNotifier'> & Pick<App, 'clock'>,
  neighbours: { redis: boolean },
): Promise<number> {
  try {
    const facts = await app.alerts.factsAcrossCustomers()
    const { opened, resolved } = await app.alerts.settle(alertCauses(facts, neighbours), quietMs)
    return opened + resolved
  } catch (error) {
    await tellThatDatabaseIsAway(app).catch(() => {})
    throw error
  }
}

async function tellThatDatabaseIsAway({ alertNotifier, clock }: Parameters<typeof watchForAlerts>[0]): Promise<void> {
  const timestamp = clock.now().toISOString()
  const { severity, meaning: message } = alertKinds['database-away']
  await alertNotifier?.send({
    id: `database-away.${timestamp.slice(0, 13)}`,
    type: 'alert.opened',
    timestamp,
    data: { kind: 'database-away', severity, message, subject: 'database' },
  })
}
