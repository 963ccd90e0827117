import { DrizzleQueryError } from 'drizzle-orm'
import { ApiError } from '#contracts/errors.ts'
import { meansDatabaseAway } from './database-away.ts'

const retryAfterSeconds = 2

/**
 * The one place where database errors leave the stores: what means "the database is away" becomes SERVICE_UNAVAILABLE, and
 * of any other the driver's own error is thrown, because drizzle's names all parameters (texts, hashes) in its message.
 */
export function guardStore<Store extends object>(store: Store): Store {
  const guarded = Object.entries(store).map(([name, method]) => [name, guardMethod(method as AsyncMethod)])
  return Object.fromEntries(guarded) as Store
}

type AsyncMethod = (...args: unknown[]) => Promise<unknown>

function guardMethod(method: AsyncMethod): AsyncMethod {
  return async (...args) => {
    try {
      return await method(...args)
    } catch (error) {
      throw translate(error)
    }
  }
}

function translate(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? (error.cause ?? error) : error
  if (!meansDatabaseAway(cause)) return cause
  return new ApiError('SERVICE_UNAVAILABLE', 'The database does not answer just now; try again shortly.', {
    retryAfterSeconds,
    cause,
  })
}
