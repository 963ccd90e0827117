/** The API key of a request: `X-API-Key`, or `Authorization: Bearer`. Undefined when there is none. */
export function presentedKey(header: (name: string) => string | undefined): string | undefined {
  const apiKey = header('x-api-key')
  if (apiKey !== undefined) return apiKey.trim()
  const [, bearer] = /^Bearer\s+(\S+)\s*$/i.exec(header('authorization') ?? '') ?? []
  return bearer
}
