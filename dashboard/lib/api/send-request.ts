import type { z } from 'zod'
import { failureSchema } from '#contracts/envelope.ts'
import type { Contract } from '#contracts/http/contract.ts'
import { CallFailed } from './call-failed.ts'

type InputOf<C extends Contract, K extends 'params' | 'query' | 'body'> = C[K] extends z.ZodType
  ? z.input<C[K]>
  : undefined

/** What a call of this endpoint takes, as its contract says. */
export interface CallInput<C extends Contract> {
  params?: InputOf<C, 'params'>
  query?: InputOf<C, 'query'>
  body?: InputOf<C, 'body'>
  signal?: AbortSignal | undefined
}

/** What a call of this endpoint resolves to: the answer as its contract says, undefined where it has no body. */
export type Answer<C extends Contract> = {
  [S in keyof C['responses']]: C['responses'][S] extends z.ZodType ? z.output<C['responses'][S]> : undefined
}[keyof C['responses']]

const timeoutMs = 20_000

/** One request by its contract; the answer is checked against it. Throws CallFailed, and AbortError when `signal` says so. */
export async function sendRequest<C extends Contract>(
  contract: C,
  { signal, ...input }: CallInput<C>,
  token?: string,
): Promise<Answer<C>> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const until = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  let response: Response
  let answer: unknown
  try {
    response = await openRequest(contract, { ...input, signal: until }, token)
    answer = parseJson(await response.text())
  } catch (error) {
    if (signal?.aborted === true || error instanceof CallFailed) throw error
    throw noConnection(timeout.aborted, error)
  }
  const schema = contract.responses[response.status]
  if (schema === null) return undefined as Answer<C>
  const parsed = schema?.safeParse(answer)
  if (parsed?.success !== true) {
    throw new CallFailed('UNEXPECTED_ANSWER', 'The service answered something that this page does not understand.', {
      cause: parsed?.error,
    })
  }
  return parsed.data as Answer<C>
}

/** A good answer as it comes in. Throws CallFailed for every other one, and whatever `fetch` throws. */
export async function openRequest<C extends Contract>(
  contract: C,
  { params, query, body, signal }: CallInput<C>,
  token?: string,
): Promise<Response> {
  const response = await fetch(addressOf(contract.path, params, query), {
    method: contract.method,
    // The refresh cookie goes only where its path says; other paths never see it.
    credentials: 'include',
    headers: {
      accept: ['application/json', ...Object.keys(contract.otherMedia ?? {})].join(', '),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
    signal: signal ?? null,
  })
  if (!response.ok) throw await readFailure(response)
  return response
}

/** For what broke off on its way, after too long a wait or sooner. */
export function noConnection(waited: boolean, cause: unknown): CallFailed {
  const message = waited ? 'The service did not answer in time.' : 'The service cannot be reached.'
  return new CallFailed('NO_CONNECTION', message, { cause })
}

function addressOf(path: string, params: unknown = {}, query: unknown = {}): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  )
  const given = Object.entries(query as Record<string, unknown>).filter(([, value]) => value !== undefined)
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString()
  return `${import.meta.env.API_ORIGIN}${filled}${search === '' ? '' : `?${search}`}`
}

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an answer that is no success says, also when it comes from before the service, as a limit of the network does. */
export async function readFailure(response: Response): Promise<CallFailed> {
  const answer = parseJson(await response.text())
  if (response.status !== 429 || failureSchema.safeParse(answer).success) return failureOf(answer)
  const seconds = Number(response.headers.get('retry-after'))
  return new CallFailed('RATE_LIMIT_EXCEEDED', 'Too many requests.', seconds > 0 ? { retryAfterSeconds: seconds } : {})
}

/** What the envelope of a failure says. */
export function failureOf(answer: unknown): CallFailed {
  const parsed = failureSchema.safeParse(answer)
  if (!parsed.success) {
    return new CallFailed('UNEXPECTED_ANSWER', 'Something between this page and the service answered instead of it.')
  }
  const { code, message, details, retry_after, request_id } = parsed.data.error
  return new CallFailed(code, message, {
    details,
    requestId: request_id,
    ...(retry_after === undefined ? {} : { retryAfterSeconds: retry_after }),
  })
}
