import { parseApiKey } from '#core/rules/api-key.ts'
import { invalidApiKey } from '#core/rules/require-standing.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { Actor, App } from '#core/verbs/app.ts'

/**
 * Whose key this is: by its checksum, then from memory, then by bcrypt. Says nothing about whether the key is still live
 * (see requireStanding). Throws INVALID_API_KEY.
 */
export async function proveKey(
  app: Pick<App, 'apiKeys' | 'provenKeys' | 'keyHash' | 'exceptions' | 'background'>,
  presented: string | undefined,
  address: string | null,
): Promise<Actor> {
  const parsed = parseApiKey(presented ?? '')
  if (parsed === undefined) throw invalidApiKey()
  if (parsed.environment === 'test' && !app.exceptions.testKeys) throw invalidApiKey()

  const keySha256 = await sha256Hex(parsed.key)
  const remembered = await app.provenKeys.recall(keySha256)
  if (remembered !== undefined) return { ...remembered, keySha256, address }

  const stored = await app.apiKeys.findByPublicId(parsed.publicId)
  if (stored === undefined) throw invalidApiKey()
  // Another request may have proven the same key while this one read the row.
  const provenMeanwhile = app.provenKeys.peek(keySha256)
  if (provenMeanwhile !== undefined) return { ...provenMeanwhile, keySha256, address }
  if (!app.keyHash.matches(keySha256, stored.secretHash)) throw invalidApiKey()

  const { keyId, customerId, plan, limitOverrides } = stored
  const proven = { keyId, customerId, plan, limitOverrides }
  app.background.run(() => app.provenKeys.remember(keySha256, proven))
  return { ...proven, keySha256, address }
}
