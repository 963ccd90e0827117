import type { AdminSessionId } from '#contracts/ids.ts'
import type { AdminSessions, AdminStanding } from '#core/ports/admin-sessions.ts'
import type { AdminTokens } from '#core/ports/admin-tokens.ts'
import type { Admins } from '#core/ports/admins.ts'
import type { AuditLog } from '#core/ports/audit-log.ts'
import type { PasswordHash } from '#core/ports/password-hash.ts'
import type { Totp } from '#core/ports/totp.ts'

/** What the verbs of admins work with beside the App. */
export interface AdminApp {
  admins: Admins
  adminSessions: AdminSessions
  adminTokens: AdminTokens
  auditLog: AuditLog
  passwordHash: PasswordHash
  totp: Totp
}

/** Where a request came from: for the audit log. */
export interface Origin {
  requestId: string
  address: string | null
}

/** The admin who asks: proven by an access token, standing as the database has it now. */
export interface AdminActor extends AdminStanding, Origin {
  sessionId: AdminSessionId
}
