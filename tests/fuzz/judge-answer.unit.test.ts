import { expect, it } from 'vitest'
import { failure } from '#contracts/envelope.ts'
import { ApiError } from '#contracts/errors.ts'
import { newId } from '#contracts/ids.ts'
import { describeApi } from '#edge/openapi/describe-api.ts'
import { routeTable } from '#edge/routes/route-table.ts'
import { readDocumentedAnswers } from '#edge/testing/documented-answers.ts'
import type { Tenant } from '#edge/testing/seed-world.ts'
import type { Caller } from './callers.ts'
import type { FuzzRequest } from './draw-request.ts'
import { judgeAnswer } from './judge-answer.ts'

const documented = readDocumentedAnswers(describeApi(routeTable, 'test'))
const route = routeTable.find(({ contract }) => contract.id === 'getAccount')!
const listRoute = routeTable.find(({ contract }) => contract.id === 'listInstances')!
const owner: Caller = { name: 'owner', headers: {}, tenant: undefined, may: () => true }
const request: FuzzRequest = { route, caller: owner, method: 'GET', path: '/api/v1/me', headers: {}, body: null }
const instanceId = newId('instance')
const foreign = {
  customerId: newId('customer'),
  keyId: newId('apiKey'),
  ids: {
    api_key_id: newId('apiKey'),
    instance_id: instanceId,
    message_id: newId('message'),
    webhook_id: newId('webhook'),
  },
} as Tenant

function judge(status: number, body: unknown, changes: Partial<FuzzRequest> = {}, logged = ''): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const response = new Response(null, { status, headers: { 'content-type': 'application/json' } })
  return judgeAnswer(documented, { request: { ...request, ...changes }, response, text, logged, foreign }).join('; ')
}

const refusal = (code: ConstructorParameters<typeof ApiError>[0], message = 'No.') =>
  failure(new ApiError(code, message, { retryAfterSeconds: 1 }), 'req_1')
const empty = { success: true, data: [], meta: { next_cursor: null, has_more: false } }

it('is content with what is documented', () => {
  expect(judge(401, refusal('INVALID_API_KEY'))).toBe('')
  expect(judge(200, empty, { route: listRoute })).toBe('')
})

it('sees failures of ours, save that no server has room where that is documented', () => {
  expect(judge(500, refusal('INTERNAL_ERROR'))).toContain('answered 500')
  expect(judge(503, refusal('SERVICE_UNAVAILABLE'))).toContain('answered 503')
  expect(judge(503, refusal('NO_CAPACITY'))).toContain('must be equal to one of the allowed values')
})

it('sees answers that are not as described', () => {
  expect(judge(302, '')).toContain('documents no answer 302')
  expect(judge(401, refusal('CONFLICT'))).toContain('must be equal to one of the allowed values')
  expect(judge(200, { success: true, data: {} })).toContain('breaks its contract')
  expect(judge(200, { ...empty, data: [{ id: instanceId }] }, { route: listRoute })).toContain('required property')
})

it('sees who was let in without the right to it', () => {
  const caller = { ...owner, name: 'nobody', may: () => false }
  expect(judge(200, empty, { route: listRoute, caller })).toContain('let in: nobody')
  expect(judge(401, refusal('INVALID_API_KEY'), { caller })).toBe('')
})

it('sees what is of another customer, unless the request named it', () => {
  const told = refusal('INVALID_API_KEY', `Not ${instanceId}.`)
  expect(judge(401, told)).toContain(`told things of another customer: ${instanceId}`)
  expect(judge(401, told, { path: `/api/v1/instances/${instanceId}` })).toBe('')
})

it.each(['at run (edge/app.ts:1)', 'relation "keys" does not exist', 'postgres://a@b/c', 'node_modules/hono'])(
  'sees a refusal that tells of the inside: %s',
  (message) => {
    expect(judge(401, refusal('INVALID_API_KEY', message))).toContain('told something of its inside')
  },
)

it('sees a secret in the log, be it presented or shown', () => {
  const key = `ak_live_${'k'.repeat(43)}`
  const changes = { headers: { 'x-api-key': key } }
  expect(judge(401, refusal('INVALID_API_KEY'), changes, `{"key":"${key}"}`)).toBe('logged a secret')
  expect(judge(401, refusal('INVALID_API_KEY', `No ${key}.`), {}, key)).toBe('logged a secret')
  expect(judge(401, refusal('INVALID_API_KEY'), changes, '{"key_id":"key_1"}')).toBe('')
})
