import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { administer, startTestPostgres } from './start-test-postgres.ts'

let postgres: Awaited<ReturnType<typeof startTestPostgres>>
beforeAll(async () => {
  // One of its own, whatever the other suites use: nobody else's may be restarted.
  vi.stubEnv('TEST_DATABASE_URL', undefined)
  postgres = await startTestPostgres()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await postgres.stop()
})

it('a crash of the server costs open transactions and connections, and nothing that was committed', async () => {
  await administer(postgres.adminUrl, (client) => client.query('CREATE TABLE kept (number integer)'))
  await administer(postgres.adminUrl, async (client) => {
    const broken = new Promise<Error>((resolve) => client.once('error', resolve))
    await client.query('INSERT INTO kept VALUES (1)')
    await client.query('BEGIN')
    await client.query('INSERT INTO kept VALUES (2)')
    await postgres.restart?.()
    await broken
  })
  await administer(postgres.adminUrl, async (client) => {
    expect((await client.query('SELECT number FROM kept')).rows).toEqual([{ number: 1 }])
  })
})

it('a server that belongs to others too cannot be restarted', async () => {
  vi.stubEnv('TEST_DATABASE_URL', postgres.adminUrl)
  const shared = await startTestPostgres()
  expect(shared.restart).toBeUndefined()
  await shared.stop()
})
