import { errorStatus } from '#contracts/errors.ts'
import type { DocumentedAnswers } from '#edge/testing/documented-answers.ts'
import type { Tenant } from '#edge/testing/seed-world.ts'
import type { FuzzRequest } from './draw-request.ts'

/** What no refusal may tell: where we are, how we are made. */
const inside =
  /node_modules|\bat \S+ \(|\.ts:\d+|postgres(ql)?:\/\/|relation \\?"|syntax error|127\.0\.0\.1:\d|SELECT .* FROM/

export interface Judged {
  request: FuzzRequest
  response: Response
  /** As much as was read of it. */
  text: string
  /** What was logged meanwhile. */
  logged: string
  /** Whose things the answer may not name, unless the request did. */
  foreign: Tenant | undefined
}

/** What is wrong with an answer; empty when it is as promised. */
export function judgeAnswer(
  documented: DocumentedAnswers,
  { request, response, text, logged, foreign }: Judged,
): string[] {
  const { contract, policy } = request.route
  const { status } = response
  const problems: string[] = []
  if (status >= 500 && !isNoCapacity(status, text)) problems.push(`answered ${status}`)
  if (request.method !== 'HEAD') problems.push(...documented.problems(contract, response, text))
  if (response.ok && request.method !== 'HEAD') problems.push(...problemsOfContract(request, response, text))
  if (response.ok && policy.auth !== 'none' && !request.caller.may(policy)) {
    problems.push(`let in: ${request.caller.name}`)
  }
  if (foreign !== undefined) {
    const sent = `${request.path} ${String(request.body)} ${JSON.stringify(request.headers)}`
    const told = idsOf(foreign).filter((id) => text.includes(id) && !sent.includes(id))
    if (told.length > 0) problems.push(`told things of another customer: ${told.join(', ')}`)
  }
  if (!response.ok && inside.test(text)) problems.push('told something of its inside')
  if (secretsOf(request, text).some((secret) => logged.includes(secret))) problems.push('logged a secret')
  return problems
}

/** Keys, tokens and secrets that came with the request, or that its answer shows once. */
function secretsOf({ headers, body }: FuzzRequest, text: string): string[] {
  const { 'x-api-key': key = '', authorization = '', cookie = '' } = headers
  const presented = [key, authorization.replace('Bearer ', ''), cookie.replace(/^.*wharf_refresh=/, '')]
  const said = `${String(body)} ${text.slice(0, 100_000)}`
  const shown = said.match(/ak_(live|test)_\w{20,}|whsec_[\w+/=]{20,}|wet_\w{20,}|eyJ[\w.-]{20,}/g) ?? []
  return [...presented, ...shown].filter((secret) => secret.length >= 20)
}

/** An honest answer when every server was drained or removed by an admin's request before. */
function isNoCapacity(status: number, text: string): boolean {
  return status === errorStatus.NO_CAPACITY && text.includes('"NO_CAPACITY"')
}

/** By the contract itself, which is stricter than what JSON Schema can say of it. */
function problemsOfContract({ route }: FuzzRequest, response: Response, text: string): string[] {
  const schema = route.contract.responses[response.status]
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  if (!schema || !isJson) return []
  const parsed = schema.safeParse(JSON.parse(text))
  return parsed.success ? [] : [`breaks its contract: ${parsed.error.message.replaceAll(/\s+/g, ' ')}`]
}

function idsOf({ customerId, keyId, ids }: Tenant): string[] {
  return [customerId, keyId, ids.api_key_id, ids.instance_id, ids.message_id, ids.webhook_id]
}
