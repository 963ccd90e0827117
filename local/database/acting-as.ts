/**
 * The same database for a client that acts in another role from its start on. A role that has nobody's password is acted in
 * by whoever may: the owner here, while in production a log-in that belongs to the role comes by itself.
 */
export function actingAs(databaseUrl: string, role: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set('options', `--role=${role}`)
  return url.href
}

/** The role that a client's start-up options ask for. */
export function roleIn(options: string | undefined): string | undefined {
  return options?.match(/^--role=(\w+)$/)?.[1]
}
