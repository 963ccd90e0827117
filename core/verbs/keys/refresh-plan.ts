import type { KeyStanding } from '#core/ports/api-keys.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/** Remembers the plan that the database told when it is another one than was remembered, so that limits follow it. */
export function refreshPlan(
  app: Pick<App, 'provenKeys' | 'background'>,
  { keySha256, ...proven }: Actor,
  { plan }: KeyStanding,
): void {
  if (plan === proven.plan) return
  app.background.run(() => app.provenKeys.remember(keySha256, { ...proven, plan }))
}
