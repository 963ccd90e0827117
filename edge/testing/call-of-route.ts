import { expect } from 'vitest'
import { failureSchema } from '#contracts/envelope.ts'
import type { Tenant } from './seed-world.ts'

/** What a call of a route may do otherwise than its probe. */
export interface CallOptions {
  /** `null` sends none. */
  key?: string | null
  /** Access token of an admin, or of a pairing link; `null` sends none. */
  token?: string | null
  ids?: Partial<Tenant['ids']> | Record<string, string>
  body?: unknown
  rawBody?: string | Uint8Array
  contentType?: string
  query?: string
  headers?: Record<string, string>
}

/** The error of an answer, without its request id. */
export async function refusal(response: Response) {
  const body: unknown = await response.json()
  const { error } = failureSchema.parse(body)
  const { request_id, ...told } = error
  expect(request_id).toBe(response.headers.get('x-request-id'))
  return { status: response.status, ...told }
}
