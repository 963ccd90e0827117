import type { Contract } from '#contracts/http/contract.ts'
import type { Header, Parameter, Reference } from './open-api.ts'
import type { SchemaBook } from './schema-book.ts'

const integer = { type: 'integer' } as const

/** What every answer, or every answer of a kind, carries beside its body. */
export const sharedHeaders = {
  'X-Request-Id': { description: 'Finds the request in the logs of the service.', schema: { type: 'string' } },
  'X-RateLimit-Limit': {
    description: 'Requests of the window that is closest to its end. Absent when the plan is unlimited.',
    schema: integer,
  },
  'X-RateLimit-Remaining': { description: 'How many of them are left.', schema: integer },
  'X-RateLimit-Reset': { description: 'When the window ends, in Unix seconds.', schema: integer },
  'Retry-After': { description: 'Seconds after which the same request may succeed.', schema: integer },
  'WWW-Authenticate': { description: 'How to present a key.', schema: { type: 'string' } },
} as const satisfies Record<string, Header>

export const requestIdParameter: Parameter = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description: 'Your own id of the request, used instead of a new one.',
  schema: { type: 'string', pattern: '^[A-Za-z0-9._-]{1,64}$' },
}

export type SharedHeader = keyof typeof sharedHeaders

export const rateLimitHeaders: SharedHeader[] = ['X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset']

export function headerReferences(names: readonly SharedHeader[]): Record<string, Reference> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** The headers that only this contract's good answers have. */
export function ownHeaders({ answerHeaders }: Contract, book: SchemaBook): Record<string, Header> {
  const { properties = {} } = answerHeaders === undefined ? {} : book.read(answerHeaders)
  return Object.fromEntries(
    Object.entries(properties).map(([name, { description, ...schema }]) => [
      headerName(name),
      { ...(description === undefined ? {} : { description }), schema },
    ]),
  )
}

/** `idempotency-key` as people write it: `Idempotency-Key`. */
export function headerName(lowerCase: string): string {
  return lowerCase.replace(/(^|-)([a-z])/g, (_match, before: string, letter: string) => before + letter.toUpperCase())
}
