import type { KeyStanding } from '#core/ports/api-keys.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/**
 * After a key was found good: remembers the plan that the database told when it is another one than was remembered, so that
 * limits follow it, and has the last use written down about once a minute.
 */
export function noteStanding(
  app: Pick<App, 'apiKeys' | 'provenKeys' | 'background'>,
  { keySha256, keyId, customerId, plan: remembered }: Actor,
  { plan, useRecorded }: KeyStanding,
): void {
  if (plan !== remembered) {
    app.background.run(() => app.provenKeys.remember(keySha256, { keyId, customerId, plan }))
  }
  if (!useRecorded) app.background.run(() => app.apiKeys.recordUse(keyId))
}
