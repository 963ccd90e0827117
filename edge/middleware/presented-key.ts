import { bearerToken } from './bearer-token.ts'

/** The API key of a request: `X-API-Key`, or `Authorization: Bearer`. Undefined when there is none. */
export function presentedKey(header: (name: string) => string | undefined): string | undefined {
  return header('x-api-key')?.trim() ?? bearerToken(header)
}
