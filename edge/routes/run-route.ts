import { z } from 'zod'
import type { Contract } from '#contracts/http/contract.ts'
import { notFound, type Thing } from '#core/rules/not-found.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import type { EdgeContext } from '#edge/edge-env.ts'
import { answerJson, utf8Of } from '#edge/middleware/answer-json.ts'
import { originOf } from '#edge/middleware/origin-of.ts'
import { countedStream } from '#edge/streams/counted-stream.ts'
import type { Route, WrittenAnswer } from './define-route.ts'
import { runOnce } from './run-once.ts'
import { addIssues, addProblem, describeIssue, invalidRequest, type Problems } from './validate.ts'

const nothing = z.strictObject({})

/** Validates a request by the route's contract, calls the route and writes its answer. */
export async function runRoute(route: Route, c: EdgeContext): Promise<Response> {
  const { contract } = route
  const call = { ...validated(contract, c), params: await knownParams(route, c) }
  const url = new URL(c.req.url)
  const answer = await runOnce(route, {
    ...call,
    services: c.var.services,
    actor: actorOf(route, c),
    request: { method: contract.method, path: url.pathname, body: c.var.body ?? null },
    requestId: c.var.requestId,
    origin: originOf(c),
    userAgent: c.req.header('user-agent')?.slice(0, 300) ?? null,
    ownHost: url.hostname,
    ownOrigin: url.origin,
  })
  for (const [name, value] of Object.entries(answer.headers ?? {})) c.header(name, value)
  if ('written' in answer) return c.body(counted(answer.written, c), answer.status)
  const { status, body } = answer
  return body === null ? c.body(null, status as 204) : answerJson(c, body as object, status as 200)
}

/** What is written, counted as far as somebody reads it. */
function counted(written: WrittenAnswer['written'], c: EdgeContext): Exclude<WrittenAnswer['written'], string> {
  const { services, record, traffic } = c.var
  if (written instanceof ReadableStream) {
    const { customer_id: customerId } = record
    if (customerId === null) return written
    // It is read when the request itself has been counted.
    return countedStream(written, (bytesOut) =>
      services.usageBuffer.count(services, customerId, { requests: 0, bytesIn: 0, bytesOut }),
    )
  }
  const bytes = typeof written === 'string' ? utf8Of(written) : written
  traffic.bytesOut += bytes.length
  return bytes
}

function actorOf({ policy: { auth } }: Route, { var: { actor, admin, guest } }: EdgeContext): unknown {
  if (auth === 'admin') return admin
  return auth === 'pairing-link' ? guest : actor
}

/** All problems of query, headers and body at once. */
function validated(contract: Contract, c: EdgeContext) {
  const problems: Problems = new Map()
  const read = (schema: z.ZodType, value: unknown, root: string): unknown => {
    const parsed = schema.safeParse(value, { error: describeIssue })
    if (!parsed.success) addIssues(problems, parsed.error, root)
    return parsed.data
  }
  const values = {
    query: read(contract.query ?? nothing, queryOf(new URL(c.req.url).searchParams, problems), 'query'),
    headers: read(contract.headers ?? nothing, headersOf(contract, c), 'headers'),
    body: read(contract.body ?? nothing.optional(), c.var.body, 'body'),
  }
  if (problems.size > 0) throw invalidRequest(problems)
  return values
}

function queryOf(search: URLSearchParams, problems: Problems): Record<string, string> {
  const values = new Map<string, string>()
  for (const [name, value] of search) {
    if (values.has(name)) addProblem(problems, [name], 'must be given once')
    values.set(name, value)
  }
  return Object.fromEntries(values)
}

function headersOf(contract: Contract, c: EdgeContext): Record<string, string | undefined> {
  const names = Object.keys(contract.headers?.shape ?? {})
  return Object.fromEntries(names.map((name) => [name, c.req.header(name)]))
}

/** The ids of the path. A malformed one is answered as an unknown one is: after the key, and with the same words. */
async function knownParams({ contract, policy }: Route, c: EdgeContext): Promise<unknown> {
  if (contract.params === undefined) return {}
  const parsed = contract.params.safeParse(c.req.param())
  if (parsed.success) return parsed.data
  if (policy.auth === 'api-key' && policy.keyCheck === 'in-verb')
    await checkKey(c.var.services, c.var.actor, policy.scope)
  throw notFound(String(parsed.error.issues[0]?.path[0]).replace(/_id$/, '') as Thing)
}
