import { ApiError } from '#contracts/errors.ts'
import type { Scope } from '#contracts/scopes.ts'
import type { KeyStanding } from '#core/ports/api-keys.ts'

/** One answer for every key that does not open anything, so that nobody learns why. */
export function invalidApiKey(): ApiError {
  return new ApiError('INVALID_API_KEY', 'The API key is missing, malformed, unknown, revoked or expired.')
}

/** Throws unless the key and its customer are live and the key may be used from there and has the scope. */
export function requireStanding(standing: KeyStanding | undefined, scope: Scope): KeyStanding {
  if (standing === undefined || !standing.keyLive || standing.customerStatus === 'deleted') throw invalidApiKey()
  if (standing.customerStatus === 'suspended') {
    throw new ApiError('ACCOUNT_SUSPENDED', 'This account is suspended.')
  }
  if (!standing.addressAllowed) {
    throw new ApiError('FORBIDDEN', 'This API key may not be used from this address.', {
      details: { address: "is not in the key's allowed_addresses" },
    })
  }
  if (!standing.scopes.includes(scope)) {
    throw new ApiError('FORBIDDEN', 'This API key may not do that.', { details: { scope: `${scope} is needed` } })
  }
  return standing
}
