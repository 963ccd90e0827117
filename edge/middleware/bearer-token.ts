/** What stands behind `Authorization: Bearer`. Undefined when nothing does. */
export function bearerToken(header: (name: string) => string | undefined): string | undefined {
  const [, token] = /^Bearer\s+(\S+)\s*$/i.exec(header('authorization') ?? '') ?? []
  return token
}
