import { NeonDbError } from '@neondatabase/serverless'
import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { ApiError } from '#contracts/errors.ts'
import { guardStore } from './guard-store.ts'

/** What a caller of a store meets when the database throws this. */
async function metBy(error: unknown): Promise<unknown> {
  const store = guardStore({
    async read(): Promise<string> {
      throw error
    },
  })
  return store.read().catch((met: unknown) => met)
}

const coded = (code: string) => Object.assign(new Error('an error of pg'), { code })
const ofQuery = (cause: Error) => new DrizzleQueryError('INSERT ... $1', ['a secret text'], cause)

describe('a guarded store', () => {
  it('gives back what its methods give', async () => {
    const store = guardStore({ add: async (a: number, b: number) => a + b })
    expect(await store.add(1, 2)).toBe(3)
  })

  it.each([
    ['nobody listens', coded('ECONNREFUSED')],
    ['the connection broke', new Error('Connection terminated unexpectedly')],
    ['no connection was free in time', new Error('timeout exceeded when trying to connect')],
    ['a statement took too long', new Error('Query read timeout')],
    ['PostgreSQL is starting', coded('57P03')],
    ['PostgreSQL has no connection left', coded('53300')],
    ['the transaction was a deadlock victim', coded('40P01')],
    ['the HTTP request to Neon failed', new NeonDbError('Error connecting to database: fetch failed')],
    ['drizzle tells of it', ofQuery(coded('ECONNRESET'))],
  ])('answers SERVICE_UNAVAILABLE when %s', async (_, error) => {
    const met = await metBy(error)
    expect(met).toBeInstanceOf(ApiError)
    expect(met).toMatchObject({ code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 })
  })

  it("throws any other error of the driver without drizzle's list of parameters", async () => {
    const refused = coded('23505')
    expect(await metBy(ofQuery(refused))).toBe(refused)
    expect(await metBy(refused)).toBe(refused)
  })

  it('leaves answers and defects of our own as they are', async () => {
    const answer = new ApiError('VALIDATION_ERROR', 'No.')
    const defect = new TypeError('undefined is not a function')
    expect(await metBy(answer)).toBe(answer)
    expect(await metBy(defect)).toBe(defect)
  })
})
