import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { errorCodes } from '#contracts/errors.ts'
import { eventDataSchemas, eventTypes } from '#contracts/events.ts'
import { routeTable } from '#edge/routes/route-table.ts'
import { describeApi } from './describe-api.ts'
import { securityOf } from './describe-operation.ts'
import { errorCodesOf } from './describe-errors.ts'
import type { Operation } from './open-api.ts'

const api = describeApi(routeTable, '1.2.3')
const text = JSON.stringify(api)

it('passes the linter without errors or warnings', async () => {
  const config = await createConfig({
    extends: ['recommended-strict'],
    rules: {
      'no-unused-components': 'error',
      'no-invalid-parameter-examples': 'error',
      'no-invalid-schema-examples': 'error',
      // By default it reads every schema as if it were closed, which no JSON Schema validator does.
      'no-invalid-media-type-examples': { severity: 'error', allowAdditionalProperties: true },
    },
  })
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
  expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([])
})

it('describes every route of the table, and nothing else', () => {
  const described = Object.entries(api.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId }]) => `${method} ${path} ${operationId}`),
  )
  const routes = routeTable.map(
    ({ contract: { method, path, id } }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, '{$1}')} ${id}`,
  )
  expect(described.toSorted()).toEqual(routes.toSorted())
})

it.each(routeTable.map((route) => [route.contract.id, route] as const))(
  '%s: parameters, body, answers and refusals are those of its contract',
  (id, route) => {
    const operation = operationOf(id)
    const { contract, policy } = route
    const expected = [
      ...Object.keys(contract.params?.shape ?? {}),
      ...Object.keys(contract.query?.shape ?? {}),
      ...Object.keys(contract.headers?.shape ?? {}).filter((name) => name !== 'accept'),
    ]
    const named = operation.parameters.flatMap((one) => ('$ref' in one ? [] : [one.name.toLowerCase()]))
    expect(named).toEqual(expected)
    expect(operation.requestBody !== undefined).toBe(contract.body !== undefined)
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(Object.keys(contract.responses)))
    expect(operation.security).toEqual(securityOf(policy))
    expect(refusalsOf(operation)).toEqual(errorCodesOf(route).toSorted())
    const example = operation.requestBody?.content['application/json']?.example
    if (contract.body !== undefined) expect(contract.body.safeParse(example).error).toBeUndefined()
    for (const [status, schema] of Object.entries(contract.responses)) {
      const answer = operation.responses[status]
      if (schema === null || answer === undefined || '$ref' in answer) continue
      expect(z.safeParse(schema, answer.content?.['application/json']?.example).error).toBeUndefined()
    }
  },
)

it('describes every event with an example of its data and the headers of Standard Webhooks', () => {
  expect(Object.keys(api.webhooks)).toEqual([...eventTypes])
  for (const type of eventTypes) {
    const { post } = api.webhooks[type] ?? {}
    const example = post?.requestBody?.content['application/json']?.example as { type: string; data: unknown }
    expect(example.type).toBe(type)
    expect(z.safeParse(eventDataSchemas[type], example.data).error).toBeUndefined()
    expect(post?.parameters).toMatchObject([
      { name: 'webhook-id' },
      { name: 'webhook-timestamp' },
      { name: 'webhook-signature' },
    ])
  }
})

it('shows an example of every error that customers can meet', () => {
  const internal = ['INVALID_SERVICE_TOKEN', 'INSTANCE_MOVED', 'METHOD_NOT_ALLOWED']
  expect(Object.keys(api.components.examples).toSorted()).toEqual(
    errorCodes.filter((code) => !internal.includes(code)).toSorted(),
  )
})

it('names a schema once, and leaves nothing of how it was made', () => {
  expect(text).not.toContain('$defs')
  const bodies = Object.values(api.components.schemas).map((schema) => JSON.stringify(schema))
  expect(new Set(bodies).size).toBe(bodies.length)
})

function operationOf(id: string): Operation {
  const operation = Object.values(api.paths)
    .flatMap((operations) => Object.values(operations))
    .find(({ operationId }) => operationId === id)
  if (operation === undefined) throw new Error(`${id} is not described.`)
  return operation
}

function refusalsOf({ responses }: Operation): string[] {
  return Object.values(responses)
    .flatMap((answer) => ('$ref' in answer ? (answer.$ref.split('/').at(-1) ?? '').split('.') : []))
    .toSorted()
}
