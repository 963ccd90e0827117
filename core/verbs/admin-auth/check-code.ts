import type { AdminCredentials } from '#core/ports/admins.ts'
import { hashRecoveryCode, readRecoveryCode } from '#core/rules/recovery-codes.ts'
import type { AdminApp } from '#core/verbs/admin-app.ts'
import type { App } from '#core/verbs/app.ts'

/** Whether the code is one of the authenticator app or a recovery code, and uses it up: none works twice. */
export async function checkCode(
  app: Pick<AdminApp, 'admins' | 'totp'> & Pick<App, 'clock'>,
  admin: Pick<AdminCredentials, 'id' | 'totpSecret'>,
  code: string,
): Promise<boolean> {
  if (admin.totpSecret === undefined) return false
  const recovery = readRecoveryCode(code)
  if (recovery !== undefined) return app.admins.useRecoveryCode(admin.id, await hashRecoveryCode(recovery))
  const step = app.totp.stepOf(admin.totpSecret, code, app.clock.now())
  return step !== undefined && app.admins.useTotpStep(admin.id, step)
}
