import { acknowledgeAlertContract, resolveAlertContract } from '#contracts/http/alerts.ts'
import type { AlertId } from '#contracts/ids.ts'
import { call } from '#dashboard/lib/api/call.ts'
import { useRefreshing } from '#dashboard/lib/use-refreshing.ts'

/** What can be done to alerts. The lists and the count are loaded anew afterwards, also after a refusal. */
export function useAlertChanges() {
  const refreshing = useRefreshing('alerts')
  return {
    acknowledge: refreshing((alert_id: AlertId) => call(acknowledgeAlertContract, { params: { alert_id } })),
    resolve: refreshing((alert_id: AlertId) => call(resolveAlertContract, { params: { alert_id } })),
  }
}
