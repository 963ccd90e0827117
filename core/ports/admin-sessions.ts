import type { AdminId, AdminSessionId } from '#contracts/ids.ts'
import type { AdminRole } from '#contracts/roles.ts'
import type { AuditEntry } from './audit-log.ts'

/** A session lives so long at the most, and ends when it is not refreshed for a week. */
export const sessionLongestMs = 30 * 86_400_000
export const sessionIdleMs = 7 * 86_400_000
/** Two tabs that refresh at once present the same token: the later one is no thief within this time. */
export const refreshGraceMs = 10_000

export interface NewAdminSession {
  id: AdminSessionId
  adminId: AdminId
  /** SHA-256 (hex) of the refresh token's secret. */
  tokenHash: string
  address: string | null
  userAgent: string | null
}

export interface AdminSession {
  id: AdminSessionId
  address: string | null
  userAgent: string | null
  createdAt: Date
  refreshedAt: Date
  expiresAt: Date
}

/** What a request may do is read at each request, so that a change of role or a log-out works at once. */
export interface AdminStanding {
  adminId: AdminId
  email: string
  role: AdminRole
}

/** `rotated`: the new token counts from now on. `grace`: the token is the one before, just replaced; it stays as it is. */
export type RefreshOutcome =
  | { outcome: 'rotated' | 'grace'; standing: AdminStanding }
  /** A token that was replaced long ago came again: the whole session is revoked. */
  | { outcome: 'reused'; standing: AdminStanding }
  | { outcome: 'ended' }

/** Log-ins of admins: a family of refresh tokens each. All moments are the database's. */
export interface AdminSessions {
  /** Opens a session and forgets the failed log-ins before it. */
  open(session: NewAdminSession, audit: AuditEntry): Promise<void>
  /** Who this session belongs to, unless it or the admin has ended. */
  standing(id: AdminSessionId, adminId: AdminId): Promise<AdminStanding | undefined>
  /** The audit entry is written when the token was reused; its admin is filled in. */
  refresh(
    id: AdminSessionId,
    hashes: { presented: string; next: string },
    reuse: Omit<AuditEntry, 'adminId' | 'target'>,
  ): Promise<RefreshOutcome>
  /** Ends the session of whoever holds its token. False when it is not its token, or the session has ended. */
  end(id: AdminSessionId, presentedHash: string, audit: Omit<AuditEntry, 'adminId'>): Promise<boolean>
  /** Live sessions, newest first. */
  list(adminId: AdminId): Promise<AdminSession[]>
  /** False when the admin has no such live session. */
  revoke(adminId: AdminId, id: AdminSessionId, audit: AuditEntry): Promise<boolean>
  /** How many were ended. */
  revokeAll(adminId: AdminId, audit: AuditEntry): Promise<number>
}
