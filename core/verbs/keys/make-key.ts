import { ApiError } from '#contracts/errors.ts'
import type { NewApiKeyBody } from '#contracts/http/api-keys.ts'
import { newId } from '#contracts/ids.ts'
import type { NewApiKey } from '#core/ports/api-keys.ts'
import { newApiKey } from '#core/rules/api-key.ts'
import { parseIpNetwork, writeIpNetwork } from '#core/rules/ip-address.ts'
import { sha256Hex } from '#core/rules/sha256.ts'
import type { App } from '#core/verbs/app.ts'

export type KeyApp = Pick<App, 'keyHash' | 'exceptions' | 'clock'>

/**
 * A key that nothing keeps yet, and its secret, to be shown once. Throws VALIDATION_ERROR when it would have expired, and for
 * what is no network.
 */
export async function makeKey(
  app: KeyApp,
  { name, scopes, expires_at: expiry, allowed_addresses: networks }: NewApiKeyBody,
): Promise<{ key: NewApiKey; secret: string }> {
  const expiresAt = expiry === undefined ? undefined : new Date(expiry)
  if (expiresAt !== undefined && expiresAt <= app.clock.now()) {
    throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
      details: { expires_at: 'must be in the future' },
    })
  }
  const allowedAddresses = networks?.map(readNetwork)
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
      ...(allowedAddresses === undefined ? {} : { allowedAddresses }),
    },
    secret,
  }
}

/** What the audit log says of a key that was made. */
export function keyDetails({ name, scopes, allowedAddresses }: NewApiKey): Record<string, unknown> {
  return { name, scopes, ...(allowedAddresses === undefined ? {} : { allowed_addresses: allowedAddresses }) }
}

function readNetwork(text: string, index: number): string {
  const network = parseIpNetwork(text)
  if (network !== undefined) return writeIpNetwork(network)
  throw new ApiError('VALIDATION_ERROR', 'The request is not valid.', {
    details: {
      [`allowed_addresses.${index}`]:
        'must be an address, or a network such as 203.0.113.0/24 whose bits after the prefix are zero',
    },
  })
}
