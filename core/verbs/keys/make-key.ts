import { ApiError } from '#contracts/errors.ts'
import type { NewApiKeyBody } from '#contracts/http/api-keys.ts'
import { newId } from '#contracts/ids.ts'
import type { NewApiKey } from '#core/ports/api-keys.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { App } from '#core/verbs/app.ts'

export type KeyApp = Pick<App, 'keyHash' | 'exceptions' | 'clock'>

/** A key that nothing keeps yet, and its secret, to be shown once. Throws VALIDATION_ERROR when it would have expired. */
export async function makeKey(
  app: KeyApp,
  { name, scopes, expires_at: expiry }: NewApiKeyBody,
): Promise<{ key: NewApiKey; secret: string }> {
  const expiresAt = expiry === undefined ? undefined : new Date(expiry)
  if (expiresAt !== undefined && expiresAt <= app.clock.now()) {
    throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
      details: { expires_at: 'must be in the future' },
    })
  }
  const { key: secret, publicId } = newApiKey(app.exceptions.testKeys ? 'test' : 'live')
  const secretHash = app.keyHash.hash(await sha256Hex(secret))
  return {
    key: {
      keyId: newId('apiKey'),
      publicId,
      secretHash,
      name,
      scopes,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
    secret,
  }
}
