import type { JsonSchema, OpenApi, Operation, Parameter } from '#edge/openapi/open-api.ts'
import type { Route } from '#edge/routes/define-route.ts'
import type { Random } from '#tests/simulation/random.ts'
import type { Caller } from './callers.ts'
import { drawValue, type ValueSource } from './draw-value.ts'
import { spoilText } from './spoil-text.ts'
import { hostileTexts, spoilValue } from './spoil-value.ts'

export interface FuzzRequest {
  route: Route
  caller: Caller
  method: string
  /** With its query. */
  path: string
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | null
}

/** Who asks, and for what. */
export interface RequestSource extends ValueSource {
  api: OpenApi
  callers: readonly Caller[]
  /** Values of a path parameter: the caller's own, and those that it should not reach. */
  ids: (name: string) => { own: string; others: readonly string[] }
}

/** What one request is about: most take one step away from a good one, and about half of them none. */
export function drawRequest(source: RequestSource, route: Route): FuzzRequest {
  const { random, callers, api } = source
  const { contract, policy } = route
  const operation = api.paths[contract.path.replace(/:(\w+)/g, '{$1}')]![contract.method.toLowerCase()]!
  const good = callers.filter((caller) => policy.auth === 'none' || caller.may(policy))
  const caller = random.pick(random.chance(0.75) ? good : callers)
  const spoilt = random.chance(0.55)
  const parameters = operation.parameters.filter((parameter) => 'in' in parameter)
  const path = contract.path.replace(/:(\w+)/g, (_match, name: string) => drawId(source, name))
  const query = drawQuery(source, parameters, spoilt && random.chance(0.5))
  const headers: Record<string, string> = {
    ...caller.headers,
    ...drawHeaders(source, parameters, contract.otherMedia, spoilt),
  }
  const method = contract.method === 'GET' && random.chance(0.02) ? 'HEAD' : contract.method
  const body = contract.method === 'GET' ? null : drawBody(source, operation, spoilt)
  if (body !== null) headers['content-type'] = drawContentType(random, spoilt)
  return { route, caller, method, path: path + query, headers, body }
}

function drawId({ random, ids }: RequestSource, name: string): string {
  const { own, others } = ids(name)
  if (random.chance(0.8)) return own
  if (random.chance(0.5)) return random.pick(others)
  return random.pick([
    own.toUpperCase(),
    `${own}x`,
    own.slice(0, -1),
    'nonsense',
    '%00',
    '%ff',
    '%zz',
    '%F0%9F%99%82',
    "'%20OR%201=1--",
    '..%2f..%2fhealth',
    'a'.repeat(3_000),
    '*',
    ':id',
    'null',
  ])
}

function drawQuery(source: RequestSource, parameters: readonly Parameter[], spoilt: boolean): string {
  const { random } = source
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query' && (parameter.required || random.chance(0.4)))
    .map(({ name, schema }): [string, string] => [name, String(drawValue(source, schema, name))])
  let query = new URLSearchParams(pairs).toString()
  if (!spoilt) return query === '' ? '' : `?${query}`
  const named = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  const name = random.pick([...named, ...named, 'surprise', '__proto__'])
  const text = random.pick([
    ...hostileTexts,
    '0',
    '-1',
    '101',
    '1e1',
    ' 1',
    '99999999999999999999',
    '2026-02-30T00:00:00Z',
  ])
  query += `${query === '' ? '' : '&'}${encodeURIComponent(name)}=${encodeURIComponent(text.replace(/\p{Cs}/gu, '?')).slice(0, 8_000)}`
  return `?${query}${random.pick(['', '', '', `&${name}=1`, '&%zz', '&=', '&&&', `&${name}[]=1`, '&%00=%ff', '#part'])}`
}

function drawHeaders(
  source: RequestSource,
  parameters: readonly Parameter[],
  otherMedia: object | undefined,
  spoilt: boolean,
): Record<string, string> {
  const { random } = source
  const headers: Record<string, string> = {}
  for (const { name, schema } of parameters.filter((parameter) => parameter.in === 'header')) {
    if (name !== 'Cookie' && random.chance(0.4)) headers[name] = sendable(String(drawValue(source, schema, name)))
    if (name !== 'Cookie' && spoilt && random.chance(0.15)) headers[name] = sendable(random.pick(hostileTexts))
  }
  if (otherMedia !== undefined && random.chance(0.5)) {
    headers['accept'] = random.pick([
      ...Object.keys(otherMedia),
      '*/*',
      'application/json;q=0.1, */*;q=0.01',
      'text/nothing',
    ])
  }
  if (spoilt && random.chance(0.25)) Object.assign(headers, random.pick(strangeHeaders))
  return headers
}

const strangeHeaders: readonly Record<string, string>[] = [
  { 'x-customer-id': 'cus_01h455vb4pex5vsknk084sn02q', 'x-internal-customer': 'x' },
  { 'x-forwarded-for': '127.0.0.1', 'cf-connecting-ip': 'no address', 'x-forwarded-host': 'evil.example' },
  { 'cf-connecting-ip': '::ffff:192.0.2.7%eth0' },
  { 'x-request-id': "'; DROP TABLE" },
  { 'x-request-id': 'a'.repeat(5_000) },
  { 'x-http-method-override': 'DELETE' },
  { accept: ',,;q=' },
  { accept: 'a'.repeat(2_000) },
  { 'user-agent': 'x'.repeat(5_000) },
  { 'user-agent': '\u0080\u00ff' },
  { range: 'bytes=0-1', 'if-none-match': '*' },
  { origin: 'null' },
  { 'content-encoding': 'gzip' },
  { cookie: `wharf_refresh=${'a'.repeat(4_000)}; =; ;;` },
]

/** What can go over HTTP as the value of a header. */
function sendable(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?').trim()
}

function drawContentType(random: Random, spoilt: boolean): string {
  if (!spoilt || random.chance(0.9)) return 'application/json'
  return random.pick([
    'text/plain',
    'application/json; charset=utf-16',
    'multipart/form-data',
    'application/json;;',
    'a',
  ])
}

function drawBody(source: RequestSource, { requestBody }: Operation, spoilt: boolean): FuzzRequest['body'] {
  const { random } = source
  const schema: JsonSchema | undefined = requestBody?.content['application/json']?.schema
  let value = schema === undefined ? undefined : drawValue(source, schema)
  if (!spoilt) return value === undefined ? null : JSON.stringify(value)
  if (schema !== undefined && random.chance(0.75)) {
    value = spoilValue(source, value, schema)
    if (random.chance(0.25)) value = spoilValue(source, value, schema)
    return JSON.stringify(value)
  }
  return spoilText(random, JSON.stringify(value ?? {}))
}
