import { expect, it } from 'vitest'
import { createMemoryApp } from '#core/testing/memory-app.ts'
import type { LogRecord } from '#edge/log.ts'
import { testConfig } from '#edge/testing/test-config.ts'
import { createScheduler } from './create-scheduler.ts'
import { defineBatchJob, defineJob, type Job } from './define-job.ts'

async function run(jobs?: readonly Job[]): Promise<LogRecord[]> {
  const log: LogRecord[] = []
  const { seed: _, ...memory } = createMemoryApp()
  const services = { ...memory, probes: { database: async () => true, redis: async () => true } }
  const overrides = { services, log: (record: LogRecord) => log.push(record), ...(jobs === undefined ? {} : { jobs }) }
  await createScheduler(await testConfig(), overrides)('* * * * *', () => {})
  return log
}

it('writes one line for a run, with what each job did', async () => {
  const [line, ...others] = await run([
    defineJob({ name: 'one', run: async () => 3 }),
    defineJob({ name: 'two', run: async () => 0 }),
  ])
  expect(others).toEqual([])
  expect(line).toEqual({
    event: 'scheduled',
    request_id: expect.stringMatching(/^req_/),
    cron: '* * * * *',
    duration_ms: expect.any(Number),
    database_requests: 0,
    jobs: [
      { job: 'one', duration_ms: expect.any(Number), done: 3 },
      { job: 'two', duration_ms: expect.any(Number), done: 0 },
    ],
  })
})

it('goes on behind a job that fails, and logs where it broke but not its parameters', async () => {
  const broken = () => Promise.reject(new TypeError('SELECT secret', { cause: new Error('canary') }))
  const [line] = await run([
    defineJob({ name: 'broken', run: broken }),
    defineJob({ name: 'next', run: async () => 1 }),
  ])
  expect(line).toMatchObject({
    jobs: [
      { job: 'broken', done: null, failure: { errors: ['TypeError', 'Error'] } },
      { job: 'next', done: 1 },
    ],
  })
  const text = JSON.stringify(line)
  for (const secret of ['SELECT', '"canary']) expect(text).not.toContain(secret)
})

it('takes batches until one is not full, and leaves the rest to the next run', async () => {
  const counts = [500, 500, 7]
  const [ended] = await run([defineBatchJob('ends', async () => counts.shift() ?? 0)])
  expect(ended).toMatchObject({ jobs: [{ done: 1_007 }] })
  let batches = 0
  await run([
    defineBatchJob('endless', async (_, limit) => {
      batches++
      return limit
    }),
  ])
  expect(batches).toBe(50)
})

it('has nothing to do in an empty database', async () => {
  const [line] = await run()
  if (line?.event !== 'scheduled') throw new Error('There is no line of the run.')
  expect(line.jobs.length).toBeGreaterThan(5)
  for (const job of line.jobs) expect(job).toMatchObject({ done: 0 })
})
