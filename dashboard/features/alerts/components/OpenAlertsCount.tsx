import { useOpenAlerts } from '#dashboard/features/alerts/api/use-open-alerts.ts'
import { formatNumber } from '#dashboard/lib/format.ts'

/** Beside the way to the alerts: how many wait; nothing while none does. */
export function OpenAlertsCount() {
  const open = useOpenAlerts()
  if (open === undefined || open === 0) return null
  return (
    <span className="rounded-full bg-bad-strong px-1.5 text-xs font-semibold text-on-bad tabular-nums md:ml-auto">
      {formatNumber(open)}
      <span className="sr-only"> open</span>
    </span>
  )
}
