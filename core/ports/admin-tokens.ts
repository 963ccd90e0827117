import type { AdminId, AdminSessionId } from '#contracts/ids.ts'

/** An access token is good for so long; it is kept in the memory of a page only. */
export const accessTokenLifetimeSeconds = 15 * 60

export interface AccessClaims {
  adminId: AdminId
  sessionId: AdminSessionId
}

/** Access tokens of admins: proofs of a session, which the database can still end. */
export interface AdminTokens {
  sign(claims: AccessClaims): Promise<string>
  /** Undefined for anything that this service did not sign, that has expired, or that is meant for something else. */
  verify(token: string): Promise<AccessClaims | undefined>
}
