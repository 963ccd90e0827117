import type { ErrorCode } from '#contracts/errors.ts'
import { failureSchema } from '#contracts/envelope.ts'

export interface ApiAnswer<T> {
  status: number
  headers: Headers
  data: T
}

/** An answer of the API that was not a success. */
export class ApiRefusal extends Error {
  readonly status: number
  readonly code: ErrorCode | undefined
  constructor(request: string, status: number, text: string) {
    const failure = failureSchema.safeParse(parse(text))
    super(`${request} answered ${status}: ${failure.success ? failure.data.error.message : text.slice(0, 200)}`)
    this.name = 'ApiRefusal'
    this.status = status
    this.code = failure.success ? failure.data.error.code : undefined
  }
}

export interface ApiClient {
  /** Throws ApiRefusal unless the answer is a success; a 204 has `data` undefined. */
  request<T>(
    method: string,
    path: string,
    options?: { body?: unknown; headers?: Record<string, string> },
  ): Promise<ApiAnswer<T>>
}

const requestTimeoutMs = 40_000

/** The API as a customer's program calls it: JSON, an API key, the envelope unwrapped. */
export function createApiClient(baseUrl: string, apiKey: string): ApiClient {
  return clientWith(baseUrl, { 'x-api-key': apiKey })
}

/** The same for an admin, by an access token. */
export function createAdminClient(baseUrl: string, accessToken: string): ApiClient {
  return clientWith(baseUrl, { authorization: `Bearer ${accessToken}` })
}

function clientWith(baseUrl: string, credential: Record<string, string>): ApiClient {
  return {
    async request<T>(method: string, path: string, options: Parameters<ApiClient['request']>[2] = {}) {
      const answer = await fetch(`${baseUrl}${path}`, {
        method,
        headers: {
          ...credential,
          ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        signal: AbortSignal.timeout(requestTimeoutMs),
      })
      const text = await answer.text()
      if (!answer.ok) throw new ApiRefusal(`${method} ${path}`, answer.status, text)
      const envelope = parse(text) as { data: T } | undefined
      return { status: answer.status, headers: answer.headers, data: envelope?.data as T }
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
