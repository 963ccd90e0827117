import { failure } from '#contracts/envelope.ts'
import { ApiError, errorMeanings, errorStatus, type ErrorCode } from '#contracts/errors.ts'
import { exampleId } from '#contracts/examples.ts'
import type { Route } from '#edge/routes/define-route.ts'
import { headerReferences, rateLimitHeaders, type SharedHeader } from './describe-headers.ts'
import type { Answer, Example, OpenApi, Reference } from './open-api.ts'

const ofEveryRoute: readonly ErrorCode[] = ['VALIDATION_ERROR', 'RATE_LIMIT_EXCEEDED', 'INTERNAL_ERROR']
const ofKeys: readonly ErrorCode[] = ['INVALID_API_KEY', 'ACCOUNT_SUSPENDED', 'FORBIDDEN', 'SERVICE_UNAVAILABLE']
const ofAdmins: readonly ErrorCode[] = ['INVALID_ADMIN_TOKEN', 'FORBIDDEN', 'SERVICE_UNAVAILABLE']
const ofCallers = {
  none: [],
  'api-key': ofKeys,
  admin: ofAdmins,
  'pairing-link': ['INVALID_PAIRING_LINK', 'ACCOUNT_SUSPENDED', 'RATE_LIMIT_EXCEEDED', 'SERVICE_UNAVAILABLE'],
  cookie: ['FORBIDDEN', 'SERVICE_UNAVAILABLE'],
} as const
const ofBodies: readonly ErrorCode[] = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE']

/** Every code that a route can answer. */
export function errorCodesOf({ contract, policy }: Route): ErrorCode[] {
  const codes = new Set([
    ...ofEveryRoute,
    ...ofCallers[policy.auth],
    ...(contract.method === 'GET' ? [] : ofBodies),
    ...contract.errors,
  ])
  return [...codes]
}

/** The refusals of a route, by status. What several routes share stands once in `components`. */
export function describeErrors(route: Route, components: OpenApi['components']): Record<string, Reference> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorCodesOf(route)) {
    byStatus.set(errorStatus[code], [...(byStatus.get(errorStatus[code]) ?? []), code])
  }
  return Object.fromEntries(
    Array.from(byStatus, ([status, codes]) => {
      const name = codes.toSorted().join('.')
      components.responses[name] ??= describeRefusal(status, codes)
      for (const code of codes) components.examples[code] ??= exampleOfError(code)
      return [String(status), { $ref: `#/components/responses/${name}` }]
    }),
  )
}

function describeRefusal(status: number, codes: readonly ErrorCode[]): Answer {
  return {
    description: codes.map((code) => `\`${code}\`: ${errorMeanings[code]}`).join('\n\n'),
    headers: headerReferences(headersOf(status)),
    content: {
      'application/json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Failure' },
            { properties: { error: { properties: { code: { enum: [...codes] } } } } },
          ],
        },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  }
}

function headersOf(status: number): SharedHeader[] {
  if (status === 401) return ['X-Request-Id', 'WWW-Authenticate']
  if (status === 429) return ['X-Request-Id', 'Retry-After', ...rateLimitHeaders]
  return status === 503 ? ['X-Request-Id', 'Retry-After'] : ['X-Request-Id']
}

function exampleOfError(code: ErrorCode): Example {
  const summary = errorMeanings[code]
  const waits = errorStatus[code] === 429 || errorStatus[code] === 503
  const error = new ApiError(code, summary, waits ? { retryAfterSeconds: 5 } : {})
  return { summary, value: failure(error, exampleId('req')) }
}
