import { ApiError } from '#contracts/errors.ts'
import { maxKeysPerCustomer, type ApiKey, type CreateKeyOutcome } from '#core/ports/customer-keys.ts'
import { notFound } from '#core/rules/not-found.ts'

/** The key that was made. Throws NOT_FOUND for an unknown customer, FORBIDDEN beyond the maker's scopes, and CONFLICT. */
export function createdKey(created: CreateKeyOutcome): ApiKey {
  switch (created.outcome) {
    case 'created':
      return created.key
    case 'unknown-customer':
      throw notFound('customer')
    case 'beyond-maker':
      throw new ApiError('FORBIDDEN', 'A key gives no scope that it does not have itself.', {
        details: { scopes: `${created.scopes.join(', ')}: this key does not have it` },
      })
    case 'limit-reached':
      throw new ApiError('CONFLICT', `There are ${maxKeysPerCustomer} keys already; revoke one first.`)
  }
}
