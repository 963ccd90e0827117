import type { WebhookId } from '#contracts/ids.ts'
import type { KeyRing, Sealed } from './key-ring.ts'

/** Encrypts an endpoint's signing secret for its row; it opens for that endpoint only. */
export async function sealWebhookSecret(keyRing: KeyRing, endpointId: WebhookId, secret: string): Promise<Sealed> {
  return keyRing.seal(new TextEncoder().encode(secret), endpointId)
}

/** The secret in clear. Throws CannotOpen. */
export async function openWebhookSecret(keyRing: KeyRing, endpointId: WebhookId, stored: Sealed): Promise<string> {
  return new TextDecoder().decode(await keyRing.open(stored.keyRingId, stored.sealed, endpointId))
}
