import { serveJson } from '#local/loopback/serve-json.ts'
import { startTestPostgres, type TestPostgres } from './start-test-postgres.ts'

const variable = 'WHARF_TEST_POSTGRES_BROKER'

/**
 * Vitest's global set-up: one real PostgreSQL for all test files of a run, started when the first of them asks, ended with
 * the run. The files run in processes of their own, so they ask over loopback.
 */
export async function setup(): Promise<() => Promise<void>> {
  let postgres: ReturnType<typeof startTestPostgres> | undefined
  const endpoint = await serveJson({
    what: 'The broker of the test PostgreSQL',
    port: 0,
    maxBodyBytes: 1_000,
    errorBody: (message) => ({ message }),
    async handle() {
      const { adminUrl, template, prefix } = await (postgres ??= startTestPostgres())
      return { status: 200, body: { adminUrl, template, prefix } satisfies TestPostgres }
    },
  })
  process.env[variable] = `http://127.0.0.1:${endpoint.port}/`
  return async () => {
    await endpoint.stop()
    const started = await postgres?.catch(() => undefined)
    await started?.stop()
  }
}

/** Asks for the run's PostgreSQL; throws one sentence when it cannot run here. */
export async function postgresForRun(): Promise<TestPostgres> {
  const broker = process.env[variable]
  if (!broker) throw new Error('Real PostgreSQL is for integration tests: name the file *.int.test.ts.')
  const response = await fetch(broker, { method: 'POST', body: '{}' })
  const answer = (await response.json()) as TestPostgres | { message: string }
  if ('message' in answer) throw new Error(answer.message)
  return answer
}
