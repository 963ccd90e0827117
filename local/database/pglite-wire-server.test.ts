import { once } from 'node:events'
import { connect } from 'node:net'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { pgliteDump } from '#local/testing/pglite-dump.ts'
import { waitFor } from '#local/testing/wait-for.ts'
import { actingAs } from './acting-as.ts'
import type { LocalDatabase } from './local-database.ts'
import { openPglite } from './open-pglite.ts'
import { startPgliteWireServer } from './pglite-wire-server.ts'
import { startDatabase } from './start-database.ts'

/** The very first run has to make the dump, on a busy machine in more than the ten seconds of a unit test. */
const firstStartTimeoutMs = 60_000

let database: LocalDatabase

beforeAll(async () => {
  database = await startDatabase({ dump: await pgliteDump(false) })
}, firstStartTimeoutMs)
afterAll(() => database.stop())

async function openClient(): Promise<pg.Client> {
  const client = new pg.Client(database.url)
  client.on('error', () => undefined)
  await client.connect()
  onTestFinished(() => client.end())
  return client
}

async function makeTable(name: string): Promise<pg.Client> {
  const client = await openClient()
  await client.query(`CREATE TABLE ${name} (id serial PRIMARY KEY, who text NOT NULL)`)
  return client
}

test('statements of many clients do not mix, also when one needs several packets', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, openClient))
  const large = 'z'.repeat(300_000)
  await Promise.all(
    clients.map(async (client, index) => {
      for (let round = 0; round < 25; round += 1) {
        const isLarge = index % 2 === 0
        const text = isLarge ? 'SELECT length($1) AS a' : 'SELECT $1::int AS a, $2::text AS b'
        const { rows } = await client.query(text, isLarge ? [large] : [index, `round ${round}`])
        expect(rows).toEqual([isLarge ? { a: large.length } : { a: index, b: `round ${round}` }])
      }
    }),
  )
})

test('a transaction keeps other clients out until it ends', async () => {
  const first = await makeTable('excluded')
  const second = await openClient()
  await first.query('BEGIN')
  await first.query(`INSERT INTO excluded (who) VALUES ('first')`)
  const counted = second.query('SELECT count(*)::int AS count FROM excluded')
  await first.query(`INSERT INTO excluded (who) VALUES ('first again')`)
  await first.query('ROLLBACK')
  expect((await counted).rows).toEqual([{ count: 0 }])
})

test('concurrent transactions all commit and see their own rows only', async () => {
  await makeTable('concurrent')
  const clients = await Promise.all(Array.from({ length: 8 }, openClient))
  await Promise.all(
    clients.map(async (client, index) => {
      for (let round = 0; round < 5; round += 1) {
        await client.query('BEGIN')
        const before = await client.query('SELECT count(*)::int AS count FROM concurrent')
        await client.query('INSERT INTO concurrent (who) VALUES ($1)', [`client ${index}`])
        const after = await client.query('SELECT count(*)::int AS count FROM concurrent')
        expect(after.rows[0].count).toBe(before.rows[0].count + 1)
        await client.query('COMMIT')
      }
    }),
  )
  expect((await clients[0]!.query('SELECT count(*)::int AS count FROM concurrent')).rows).toEqual([{ count: 40 }])
})

test('a client that dies inside a transaction is undone and blocks nobody', async () => {
  const watcher = await makeTable('abandoned')
  const dying = await openClient()
  await dying.query('BEGIN')
  await dying.query(`INSERT INTO abandoned (who) VALUES ('dying')`)
  const counted = watcher.query('SELECT count(*)::int AS count FROM abandoned')
  ;(dying as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  expect((await counted).rows).toEqual([{ count: 0 }])
})

test('a client that freezes inside a transaction is cut after a while, and blocks nobody for longer', async () => {
  const engine = await openPglite(undefined, await pgliteDump(false))
  const wire = await startPgliteWireServer({ port: 0, idleTransactionTimeoutMs: 50 })
  onTestFinished(() => wire.stop().then(() => engine.close()))
  await wire.serve(engine)
  const [frozen, other] = [1, 2].map(() => new pg.Client(`postgres://postgres@127.0.0.1:${wire.port}/postgres`))
  const failure = new Promise<Error & { code?: string }>((resolve) => frozen!.on('error', resolve))
  await Promise.all([frozen!.connect(), other!.connect()])
  await frozen!.query('BEGIN')
  expect((await other!.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
  expect(await failure).toMatchObject({ code: '25P03' })
  await other!.end()
})

test('a failed transaction refuses statements until its end, then the client goes on', async () => {
  const client = await makeTable('failed')
  await client.query('BEGIN')
  await expect(client.query('INSERT INTO failed (who) VALUES (NULL)')).rejects.toMatchObject({
    code: '23502',
    table: 'failed',
    column: 'who',
  })
  await expect(client.query('SELECT 1')).rejects.toMatchObject({ code: '25P02' })
  await client.query('ROLLBACK')
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('what a client SET ends with its session', async () => {
  const client = new pg.Client(database.url)
  await client.connect()
  await client.query(`SET statement_timeout = '7s'`)
  await client.end()
  const next = await openClient()
  await waitFor(async () => (await next.query('SHOW statement_timeout')).rows[0].statement_timeout === '0', {
    what: 'the setting to be forgotten',
  })
})

test('every client acts in the role that it connected for, turn by turn, and in none that does not exist', async () => {
  const owner = await openClient()
  await owner.query('CREATE ROLE actor NOLOGIN')
  const connect = async (role: string) => {
    const client = new pg.Client(actingAs(database.url, role))
    client.on('error', () => undefined)
    await client.connect()
    onTestFinished(() => client.end())
    return client
  }
  const roleOf = async (client: pg.Client) => (await client.query('SELECT current_user AS role')).rows[0].role as string
  const actor = await connect('actor')
  for (let round = 0; round < 2; round += 1) {
    expect([await roleOf(actor), await roleOf(owner)]).toEqual(['actor', 'postgres'])
  }
  await actor.query('BEGIN')
  const seen = roleOf(owner)
  await expect(actor.query('CREATE ROLE another')).rejects.toMatchObject({ code: '42501' })
  await actor.query('ROLLBACK')
  expect(await seen).toBe('postgres')
  await expect(connect('nobody').then(roleOf)).rejects.toThrow('role "nobody" does not exist')
  expect(await roleOf(owner)).toBe('postgres')
})

test.each([
  ['an HTTP request', 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
  ['a start-up packet of rubbish', Buffer.concat([Buffer.from([0, 0, 0, 40, 0, 3, 0, 0]), Buffer.alloc(32, 'A')])],
  ['an unknown protocol version', Buffer.from([0, 0, 0, 8, 0, 2, 0, 0])],
  ['half a packet', Buffer.from([0, 0])],
])('%s disturbs nobody else', async (_name, bytes) => {
  const client = await openClient()
  const socket = connect(Number(new URL(database.url).port), '127.0.0.1')
  socket.resume()
  socket.write(bytes)
  socket.end()
  await once(socket, 'close')
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test('COPY FROM STDIN, on which the engine would spin for ever, ends its client with a reason', async () => {
  const other = await makeTable('copied')
  const client = await openClient()
  await expect(client.query('COPY copied (who) FROM STDIN')).rejects.toMatchObject({ code: '0A000' })
  expect((await other.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})
