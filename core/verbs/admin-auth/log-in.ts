import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import type { AdminCredentials } from '#core/ports/admins.ts'
import { auditAt } from '#core/verbs/audit/audit-entry.ts'
import { newRefreshSecret, writeRefreshToken } from '#core/rules/refresh-token.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { AdminApp, Origin } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { checkCode } from './check-code.ts'
import { startedSession, type StartedSession } from './started-session.ts'

export const lockAfter = 10
export const lockMs = 15 * 60_000

/** bcrypt of nothing that anybody knows: compared where there is no such admin, so that this takes as long. */
const nobodysHash = '$2b$12$Y3MfXzw9AAzXUPtZhZSFAeHERn1W5W.gPPPzjhk9SVTOCR76I2eDy'

export interface LogIn {
  email: string
  password: string
  /** Of the authenticator app, or a recovery code. */
  code: string | undefined
  userAgent: string | null
}

type Deps = Pick<AdminApp, 'admins' | 'adminSessions' | 'adminTokens' | 'passwordHash' | 'totp' | 'auditLog'> &
  Pick<App, 'clock'>

/**
 * Opens a session. Throws INVALID_CREDENTIALS for whatever is wrong (one answer, about one duration: nobody learns which
 * addresses exist or are locked) and TOTP_REQUIRED when only the code is missing.
 */
export async function logIn(
  app: Deps,
  origin: Origin,
  input: LogIn,
): Promise<StartedSession & { refreshToken: string }> {
  const admin = await app.admins.findByEmail(input.email)
  const right = app.passwordHash.matches(input.password, admin?.passwordHash ?? nobodysHash)
  if (admin === undefined || !right || admin.locked || admin.disabledAt !== null) {
    await recordFailure(app, origin, input.email, admin)
    throw invalidCredentials()
  }
  if (admin.totpEnabled) {
    if (input.code === undefined) throw new ApiError('TOTP_REQUIRED', 'A code of the authenticator app is needed too.')
    if (!(await checkCode(app, admin, input.code))) {
      await recordFailure(app, origin, input.email, admin)
      throw invalidCredentials()
    }
  }
  const session = { sessionId: newId('adminSession'), secret: newRefreshSecret() }
  await app.adminSessions.open(
    {
      id: session.sessionId,
      adminId: admin.id,
      tokenHash: await sha256Hex(session.secret),
      address: origin.address,
      userAgent: input.userAgent,
    },
    auditAt(origin, {
      adminId: admin.id,
      action: 'auth.login',
      target: admin.id,
      details: { totp: admin.totpEnabled },
    }),
  )
  const { id: adminId, email, role } = admin
  const started = await startedSession(app, { adminId, email, role }, session.sessionId)
  return { ...started, refreshToken: writeRefreshToken(session) }
}

async function recordFailure(
  app: Pick<AdminApp, 'admins' | 'auditLog'>,
  origin: Origin,
  email: string,
  admin: AdminCredentials | undefined,
): Promise<void> {
  const entry = auditAt(origin, { adminId: null, action: 'auth.login_failed', target: email })
  // A locked account counts no further: else whoever knows the address could keep it locked for ever.
  if (admin === undefined || admin.locked) await app.auditLog.append(entry)
  else await app.admins.recordFailedLogIn(admin.id, { lockAfter, lockMs }, entry)
}

function invalidCredentials(): ApiError {
  return new ApiError(
    'INVALID_CREDENTIALS',
    'E-mail address, password or code is wrong, or the account is locked for a while after too many attempts.',
  )
}
