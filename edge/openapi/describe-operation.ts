import type { z } from 'zod'
import type { Contract } from '#contracts/http/contract.ts'
import type { Policy, Route } from '#edge/routes/define-route.ts'
import { describeErrors } from './describe-errors.ts'
import { headerName, headerReferences, ownHeaders, rateLimitHeaders } from './describe-headers.ts'
import { exampleOf } from './example-of.ts'
import type { Answer, Media, OpenApi, Operation, Parameter, Security } from './open-api.ts'
import type { SchemaBook } from './schema-book.ts'

/** One endpoint, from its contract and policy. */
export function describeOperation(route: Route, book: SchemaBook, components: OpenApi['components']): Operation {
  const { contract, policy } = route
  return {
    operationId: contract.id,
    summary: contract.summary,
    tags: [contract.group],
    security: securityOf(policy),
    parameters: [
      ...parametersOf('path', contract.params, book),
      ...parametersOf('query', contract.query, book),
      ...parametersOf('header', contract.headers, book),
      { $ref: '#/components/parameters/RequestId' },
    ],
    ...(contract.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': mediaOf(contract.body, book) } } }),
    responses: { ...answersOf(route, book), ...describeErrors(route, components) },
  }
}

/** What a caller has to present. */
export function securityOf(policy: Policy): Security[] {
  switch (policy.auth) {
    case 'none':
      return []
    case 'api-key':
      return [{ apiKey: [policy.scope] }, { bearer: [policy.scope] }]
    case 'admin':
      return [{ adminToken: [policy.role] }]
    case 'pairing-link':
      return [{ pairingLink: [] }]
    case 'cookie':
      return [{ refreshCookie: [] }]
  }
}

function parametersOf(place: Parameter['in'], object: z.ZodObject | undefined, book: SchemaBook): Parameter[] {
  if (object === undefined) return []
  const { properties = {}, required = [] } = book.read(object)
  // OpenAPI says of Accept by the media types of the answers.
  const names = Object.keys(properties).filter((name) => place !== 'header' || name !== 'accept')
  return names.map((name) => {
    const { description, ...schema } = properties[name] ?? {}
    return {
      name: place === 'header' ? headerName(name) : name,
      in: place,
      required: required.includes(name),
      ...(description === undefined ? {} : { description }),
      schema,
    }
  })
}

const meanings: Record<string, string> = {
  200: 'Done.',
  201: 'Done, and there is something new.',
  202: 'Accepted; the rest follows.',
  204: 'Done; there is nothing to tell.',
}

function answersOf({ contract, policy }: Route, book: SchemaBook): Record<string, Answer> {
  const statuses = new Set(Object.keys(contract.responses))
  if (contract.otherMedia !== undefined) statuses.add('200')
  const shared = headerReferences(['X-Request-Id', ...(policy.auth === 'api-key' ? rateLimitHeaders : [])])
  const headers = { ...shared, ...ownHeaders(contract, book) }
  return Object.fromEntries(
    Array.from(statuses, (status) => {
      const content = contentOf(contract, Number(status), book)
      const description = meanings[status] ?? 'Done.'
      return [status, { description, headers, ...(Object.keys(content).length === 0 ? {} : { content }) }]
    }),
  )
}

function contentOf({ responses, otherMedia = {} }: Contract, status: number, book: SchemaBook): Record<string, Media> {
  const json = responses[status]
  return {
    ...(json ? { 'application/json': mediaOf(json, book) } : {}),
    ...(status === 200
      ? Object.fromEntries(Object.entries(otherMedia).map(([type, schema]) => [type, { schema: book.read(schema) }]))
      : {}),
  }
}

function mediaOf(schema: z.ZodType, book: SchemaBook): Media {
  const json = book.read(schema)
  return { schema: json, example: exampleOf(json, book) }
}
