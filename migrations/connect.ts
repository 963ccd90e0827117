import pg from 'pg'

/** Nothing can be migrated, for a reason that the operator can mend: the message is one whole sentence. */
export class MigrationRefused extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options)
    this.name = 'MigrationRefused'
  }
}

const connectTimeoutMs = 10_000

/**
 * A connection of its own for migrations, connected. Throws MigrationRefused when the address is malformed, leads through
 * Neon's pooler (the lock that keeps two migrations apart needs one lasting session) or to nobody who answers.
 */
export async function connect(databaseUrl: string): Promise<pg.Client> {
  const address = parse(databaseUrl)
  if (/-pooler\./.test(address.hostname)) {
    throw new MigrationRefused(
      `${address.host} is Neon's pooler; migrations need the direct address, which is the same without "-pooler".`,
    )
  }
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'wharf-migrations',
  })
  // A connection that breaks fails the statement in flight; the event alone must not end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    throw new MigrationRefused(`The database at ${address.host} cannot be reached: ${reasonOf(error)}.`, {
      cause: error,
    })
  }
  return client
}

function parse(databaseUrl: string): URL {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : undefined
  if (url === undefined || !['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw new MigrationRefused('The database address must look like postgres://user:password@host:5432/database.')
  }
  return url
}

/** A host name with several addresses fails with one error per address and no message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}
