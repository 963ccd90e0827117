import { alertKinds, type AlertState } from '#contracts/alerts.ts'
import type { AlertView } from '#contracts/http/alerts.ts'
import type { Alert } from '#core/ports/alerts.ts'

export function presentAlert(alert: Alert): AlertView {
  const { severity, meaning } = alertKinds[alert.kind]
  return {
    id: alert.id,
    kind: alert.kind,
    severity,
    state: stateOf(alert),
    message: meaning,
    subject: alert.subject,
    customer_id: alert.customerId,
    details: alert.details,
    opened_at: alert.openedAt.toISOString(),
    seen_at: alert.seenAt.toISOString(),
    acknowledged_at: alert.acknowledgedAt?.toISOString() ?? null,
    acknowledged_by: alert.acknowledgedBy,
    resolved_at: alert.resolvedAt?.toISOString() ?? null,
    resolved_by: alert.resolvedBy,
  }
}

export function stateOf({ acknowledgedAt, resolvedAt }: Pick<Alert, 'acknowledgedAt' | 'resolvedAt'>): AlertState {
  if (resolvedAt !== null) return 'resolved'
  return acknowledgedAt === null ? 'open' : 'acknowledged'
}
