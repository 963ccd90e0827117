import type { AccessView } from '#contracts/http/admin-auth.ts'
import type { AdminView } from '#contracts/http/admins.ts'
import type { AdminSessionId } from '#contracts/ids.ts'
import type { AdminSession, AdminStanding } from '#core/ports/admin-sessions.ts'
import type { Admin } from '#core/ports/admins.ts'
import type { AuditRecord } from '#core/ports/audit-log.ts'

export function presentAdmin({ id, email, name, role, totpEnabled, createdAt, disabledAt }: Admin): AdminView {
  return {
    id,
    email,
    name,
    role,
    totp_enabled: totpEnabled,
    created_at: createdAt.toISOString(),
    disabled_at: disabledAt?.toISOString() ?? null,
  }
}

export function presentAccess(session: {
  accessToken: string
  expiresInSeconds: number
  standing: AdminStanding
}): AccessView {
  const { adminId, email, role } = session.standing
  return {
    access_token: session.accessToken,
    expires_in: session.expiresInSeconds,
    admin: { id: adminId, email, role },
  }
}

export function presentSession(session: AdminSession, current: AdminSessionId) {
  return {
    id: session.id,
    current: session.id === current,
    address: session.address,
    user_agent: session.userAgent,
    created_at: session.createdAt.toISOString(),
    refreshed_at: session.refreshedAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  }
}

export function presentAudit({ id, occurredAt, adminId, adminEmail, requestId, customerId, ...entry }: AuditRecord) {
  return {
    id,
    occurred_at: occurredAt.toISOString(),
    admin_id: adminId,
    admin_email: adminEmail,
    action: entry.action,
    target: entry.target,
    customer_id: customerId,
    address: entry.address,
    request_id: requestId,
    details: entry.details,
  }
}
