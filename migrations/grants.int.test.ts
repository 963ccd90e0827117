import pg from 'pg'
import { describe, expect, it } from 'vitest'
import { openForSuite } from '#db/testing/open-for-suite.ts'
import { actingAs } from '#local/database/acting-as.ts'
import { openTestDatabase, testDatabaseKinds, type TestDatabaseKind } from '#local/testing/test-databases.ts'
import { databaseRoles, functionGrants, tableGrants, type Privilege, type RoleName } from './grants.ts'
import { ledgerTable } from './migrate.ts'

const roleNames = Object.keys(databaseRoles) as RoleName[]

async function open(kind: TestDatabaseKind) {
  const database = await openTestDatabase(kind)
  const connect = async (url: string) => {
    const client = new pg.Client(url)
    await client.connect()
    return client
  }
  const owner = await connect(database.url)
  const acting = {
    edge: await connect(actingAs(database.url, databaseRoles.edge)),
    worker: await connect(actingAs(database.url, databaseRoles.worker)),
  }
  return {
    owner,
    acting,
    /** Tables with their columns. */
    async tables(): Promise<[table: string, columns: string[]][]> {
      const { rows } = await owner.query<{ name: string; columns: string[] }>(`
        SELECT c.relname::text AS name, array_agg(a.attname::text) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace = 'public'::regnamespace GROUP BY 1 ORDER BY 1`)
      return rows.map(({ name, columns }) => [name, columns])
    },
    async close() {
      await Promise.all([owner.end(), acting.edge.end(), acting.worker.end()])
      await database.close()
    },
  }
}

/** False when the database says that the role may not; whatever else the statement fails of comes after that question. */
async function mayDo(client: pg.Client, statement: string): Promise<boolean> {
  await client.query('BEGIN')
  try {
    await client.query(statement)
    return true
  } catch (error) {
    return (error as pg.DatabaseError).code !== '42501'
  } finally {
    await client.query('ROLLBACK')
  }
}

describe.each(testDatabaseKinds())('the roles of the database on %s', (kind) => {
  const opened = openForSuite(() => open(kind))

  it('have grants declared for every table, and for none that does not exist', async () => {
    const names = (await opened().tables()).map(([name]) => name).filter((name) => name !== ledgerTable)
    const missing = names.filter((name) => !(name in tableGrants))
    expect(missing, 'Say in migrations/grants.ts what the edge and the workers do with these tables.').toEqual([])
    expect(Object.keys(tableGrants).toSorted()).toEqual(names)
  })

  it.each(roleNames)(
    'let the %s do with each table what is declared, and refuse all else that it tries',
    async (role) => {
      const client = opened().acting[role]
      const { rows } = await client.query<{ role: string }>('SELECT current_user AS role')
      expect(rows).toEqual([{ role: databaseRoles[role] }])
      for (const [table, columns] of await opened().tables()) {
        const granted = tableGrants[table]?.[role] ?? []
        expect(await attempts(client, table, columns), table).toEqual(expectedOf(granted, columns))
      }
    },
  )

  it('let each call the functions that are declared for it, and nobody else any', async () => {
    const { rows } = await opened().owner.query<{ signature: string; anybody: boolean } & Record<RoleName, boolean>>(`
      SELECT oid::regprocedure::text AS signature,
        EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS anybody,
        ${roleNames.map((name) => `has_function_privilege('${databaseRoles[name]}', oid, 'EXECUTE') AS ${name}`).join()}
      FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1`)
    const callable = rows.map(({ signature, anybody, ...may }) => [
      signature,
      anybody,
      roleNames.filter((name) => may[name]),
    ])
    expect(callable).toEqual(Object.entries(functionGrants).map(([signature, names]) => [signature, false, names]))
  })

  it.each(roleNames)('let the %s change nothing of the schema', async (role) => {
    const client = opened().acting[role]
    for (const [table, [column]] of await opened().tables()) {
      for (const statement of [
        `TRUNCATE ${table} CASCADE`,
        `DROP TABLE ${table} CASCADE`,
        `ALTER TABLE ${table} DROP ${column}`,
      ]) {
        expect(await mayDo(client, statement), statement).toBe(false)
      }
    }
    expect(await mayDo(client, 'CREATE TABLE mine (id integer)')).toBe(false)
    expect(await mayDo(client, 'CREATE ROLE mine')).toBe(false)
    expect(await mayDo(client, `GRANT ${databaseRoles.edge} TO ${databaseRoles.worker}`)).toBe(false)
  })

  it('keep what a session is from the edge, and the audit log from being changed by anybody', async () => {
    const { edge, worker } = opened().acting
    expect(await mayDo(edge, 'SELECT credentials FROM session_credentials')).toBe(false)
    expect(await mayDo(edge, 'SELECT wrapped_data_key FROM session_credentials')).toBe(false)
    expect(await mayDo(edge, 'SELECT value FROM session_keys')).toBe(false)
    expect(await mayDo(edge, `UPDATE session_credentials SET credentials = '' `)).toBe(false)
    for (const client of [edge, worker]) {
      expect(await mayDo(client, `UPDATE audit_logs SET action = 'nothing'`)).toBe(false)
      expect(await mayDo(client, 'DELETE FROM audit_logs')).toBe(false)
    }
  })
})

/** Everything that the role gets through with, in the words of `Privilege`. */
async function attempts(client: pg.Client, table: string, columns: string[]): Promise<string[]> {
  const done: string[] = []
  const attempt = async (what: string, statement: string) => {
    if (await mayDo(client, statement)) done.push(what)
  }
  await attempt('INSERT', `INSERT INTO ${table} DEFAULT VALUES`)
  await attempt('DELETE', `DELETE FROM ${table} WHERE false`)
  for (const column of columns) {
    await attempt(`SELECT (${column})`, `SELECT ${column} FROM ${table} LIMIT 0`)
    await attempt(`UPDATE (${column})`, `UPDATE ${table} SET ${column} = DEFAULT WHERE false`)
  }
  return done.toSorted()
}

function expectedOf(granted: readonly Privilege[], columns: string[]): string[] {
  return granted
    .flatMap((privilege) => {
      const [, verb = '', list] = /^(\w+)(?: \((.*)\))?$/.exec(privilege) ?? []
      if (verb === 'INSERT' || verb === 'DELETE') return [verb]
      return (list?.split(', ') ?? columns).map((column) => `${verb} (${column})`)
    })
    .toSorted()
}
