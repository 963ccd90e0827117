import { ApiError } from '#contracts/errors.ts'
import { found } from '#core/rules/not-found.ts'
import { newRecoveryCodes } from '#core/rules/recovery-codes.ts'
import type { AdminActor, AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'
import { auditOf } from '#core/verbs/audit/audit-entry.ts'
import { checkCode } from './check-code.ts'
import { requirePassword } from './require-password.ts'

type Deps = Pick<AdminApp, 'admins' | 'totp'>

/** A secret for the authenticator app; it counts once a code of it was shown. Throws CONFLICT when one is set up. */
export async function beginTotp(app: Deps, actor: AdminActor): Promise<{ secret: string; uri: string }> {
  const secret = app.totp.newSecret()
  if (!(await app.admins.proposeTotp(actor.adminId, secret))) {
    throw new ApiError('CONFLICT', 'An authenticator app is set up already; remove it first.')
  }
  return { secret, uri: app.totp.uri(secret, actor.email) }
}

/** From now on log-ins ask for a code. The recovery codes are shown this once. Throws CONFLICT, VALIDATION_ERROR. */
export async function confirmTotp(
  app: Deps & Pick<App, 'clock'>,
  actor: AdminActor,
  code: string,
): Promise<{ recoveryCodes: string[] }> {
  const secret = await app.admins.proposedTotp(actor.adminId)
  if (secret === undefined) throw new ApiError('CONFLICT', 'Begin to set up an authenticator app first.')
  const step = app.totp.stepOf(secret, code, app.clock.now())
  if (step === undefined) {
    throw new ApiError('VALIDATION_ERROR', 'The code is not of this authenticator app, or not of now.', {
      details: { code: 'is not a code of this moment' },
    })
  }
  const { codes, hashes } = await newRecoveryCodes()
  const audit = auditOf(actor, { action: 'auth.totp_enable', target: actor.adminId })
  if (!(await app.admins.confirmTotp(actor.adminId, hashes, audit))) {
    throw new ApiError('CONFLICT', 'Another authenticator app was set up meanwhile.')
  }
  await app.admins.useTotpStep(actor.adminId, step)
  return { recoveryCodes: codes }
}

/** Log-ins need no code any more. Throws INVALID_CREDENTIALS, CONFLICT when there is none. */
export async function removeTotp(
  app: Deps & Pick<AdminApp, 'passwordHash'> & Pick<App, 'clock'>,
  actor: AdminActor,
  proof: { password: string; code: string },
): Promise<void> {
  const admin = found('admin', await app.admins.get(actor.adminId))
  if (!admin.totpEnabled) throw new ApiError('CONFLICT', 'No authenticator app is set up.')
  await requirePassword(app, admin, proof.password, actor)
  if (!(await checkCode(app, admin, proof.code))) throw new ApiError('INVALID_CREDENTIALS', 'The code is wrong.')
  await app.admins.removeTotp(actor.adminId, auditOf(actor, { action: 'auth.totp_disable', target: actor.adminId }))
}
