import type { KeyStanding } from '#core/ports/api-keys.ts'
import { haveSameLimits } from '#core/rules/limits-of.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/**
 * After a key was found good: remembers the plan and its overrides that the database told when they are others than were remembered, so that
 * limits follow it, and has the last use written down about once a minute.
 */
export function noteStanding(
  app: Pick<App, 'apiKeys' | 'provenKeys' | 'background'>,
  actor: Actor,
  standing: KeyStanding,
): void {
  const { keySha256, keyId, customerId } = actor
  const { plan, limitOverrides } = standing
  if (plan !== actor.plan || !haveSameLimits(actor, standing)) {
    app.background.run(() => app.provenKeys.remember(keySha256, { keyId, customerId, plan, limitOverrides }))
  }
  if (!standing.useRecorded) app.background.run(() => app.apiKeys.recordUse(keyId))
}
