import pg from 'pg'
import { serveJson, type JsonAnswer, type JsonEndpoint } from '#local/loopback/serve-json.ts'
import { parseNeonRequest, type NeonBatch, type NeonRequest, type NeonStatement } from './neon-request.ts'

interface NeonEndpointOptions {
  /** The database behind the endpoint. */
  databaseUrl: string
  /** What the connection string of a client must hold; the rest of it is free (the client adds parameters of its own). */
  password: string
  port: number
  log?: ((line: string) => void) | undefined
}

export interface NeonEndpoint extends JsonEndpoint {
  /** Statements asked for so far: a batch's each. */
  statements: () => number
}

const maxBodyBytes = 10 * 1024 * 1024
const maxConnections = 10

/** The client parses values by their type id, so the text that PostgreSQL sent goes through untouched. */
const rawText = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig

/**
 * Neon's HTTP protocol in front of any PostgreSQL: `POST /sql` with `{query, params}` or `{queries: [...]}`.
 * A statement's error is a 400 with PostgreSQL's fields (at any other status the client drops the code);
 * a database that cannot be reached is a 503.
 */
export async function startNeonEndpoint(options: NeonEndpointOptions): Promise<NeonEndpoint> {
  let statements = 0
  const pool = new pg.Pool({ connectionString: options.databaseUrl, max: maxConnections, types: rawText })
  pool.on('error', (error) => options.log?.(`Neon endpoint: an idle connection failed: ${error.message}`))
  // A connection that breaks between two statements of a batch fails the next one; the event alone must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const endpoint = await serveJson({
    what: "Neon's HTTP protocol",
    port: options.port,
    maxBodyBytes,
    errorBody: (message) => ({ message }),
    refuse({ path, headers }) {
      if (path !== '/sql') return { status: 404, body: { message: `There is nothing at ${path}; POST to /sql.` } }
      if (passwordIn(headers['neon-connection-string']) === options.password) return undefined
      const message = 'password authentication failed: this is not the connection string of the local database'
      return { status: 400, body: { message, code: '28P01', severity: 'FATAL' } }
    },
    async handle({ headers, body }) {
      const request = parseNeonRequest(headers, body)
      if (typeof request === 'string') return { status: 400, body: { message: request } }
      statements += request.kind === 'single' ? 1 : request.statements.length
      return answer(pool, request)
    },
    log: options.log,
  })
  let stopped: Promise<void> | undefined
  return { ...endpoint, statements: () => statements, stop: () => (stopped ??= endpoint.stop().then(() => pool.end())) }
}

function passwordIn(connectionString: string | string[] | undefined): string | undefined {
  return URL.canParse(String(connectionString)) ? new URL(String(connectionString)).password : undefined
}

async function answer(pool: pg.Pool, request: NeonRequest): Promise<JsonAnswer> {
  let client: pg.PoolClient
  try {
    client = await pool.connect()
  } catch (error) {
    const message = `The database cannot be reached: ${(error as Error).message}`
    return error instanceof pg.DatabaseError ? databaseError(error) : { status: 503, body: { message } }
  }
  try {
    if (request.kind === 'single') return { status: 200, body: await run(client, request.statement) }
    return { status: 200, body: { results: await runBatch(client, request) } }
  } catch (error) {
    if (error instanceof pg.DatabaseError) return databaseError(error)
    return { status: 503, body: { message: `The database connection failed: ${(error as Error).message}` } }
  } finally {
    // A lone BEGIN leaves a transaction open: the connection goes, and the transaction with it.
    client.release(client.getTransactionStatus() !== 'I')
  }
}

async function runBatch(client: pg.PoolClient, { begin, statements }: NeonBatch): Promise<unknown[]> {
  await client.query(begin)
  try {
    const results: unknown[] = []
    for (const statement of statements) results.push(await run(client, statement))
    await client.query('COMMIT')
    return results
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** `extended` refuses several statements in one string, as Neon does. */
async function run(client: pg.PoolClient, { query, params }: NeonStatement): Promise<unknown> {
  const text: pg.QueryArrayConfig & { queryMode: 'extended' } = {
    text: query,
    values: params,
    rowMode: 'array',
    queryMode: 'extended',
  }
  const { command, rowCount, fields, rows } = await client.query(text)
  return { command, rowCount, rowAsArray: true, fields: fields.map(publicField), rows }
}

function publicField({ name, dataTypeID }: pg.FieldDef): Pick<pg.FieldDef, 'name' | 'dataTypeID'> {
  return { name, dataTypeID }
}

const errorFields = [
  'code',
  'severity',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

function databaseError(error: pg.DatabaseError): JsonAnswer {
  const fields = errorFields.map((name) => [name, error[name]])
  return { status: 400, body: { message: error.message, ...Object.fromEntries(fields) } }
}
