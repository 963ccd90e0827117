import type { Scope } from '#contracts/scopes.ts'
import { requireStanding } from '#core/rules/require-standing.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { noteStanding } from './note-standing.ts'

/** Reads whether the key may do this now. Throws INVALID_API_KEY, ACCOUNT_SUSPENDED or FORBIDDEN. */
export async function checkKey(
  app: Pick<App, 'apiKeys' | 'provenKeys' | 'background'>,
  actor: Actor,
  scope: Scope,
): Promise<void> {
  noteStanding(app, actor, requireStanding(await app.apiKeys.standing(actor.keyId, actor.address), scope))
}
