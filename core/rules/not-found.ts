import { ApiError } from '#contracts/errors.ts'

const names = {
  instance: 'instance',
  message: 'message',
  webhook: 'webhook endpoint',
  event: 'event',
  server: 'server',
  admin: 'admin',
  session: 'session',
  customer: 'customer',
  api_key: 'API key',
  alert: 'alert',
} as const

export type Thing = keyof typeof names

/**
 * The one answer for an id that is unknown, malformed, deleted or another customer's: nobody learns which of them it is.
 */
export function notFound(thing: Thing): ApiError {
  return new ApiError('NOT_FOUND', `There is no such ${names[thing]}.`)
}

/** Gives the value, or throws `notFound` when there is none. */
export function found<T>(thing: Thing, value: T | undefined): T {
  if (value === undefined) throw notFound(thing)
  return value
}
