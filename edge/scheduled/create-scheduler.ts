import { newId } from '#contracts/ids.ts'
import { createBackground } from '#edge/adapters/background.ts'
import { consoleLog } from '#edge/adapters/console-log.ts'
import type { EdgeConfig } from '#edge/config.ts'
import type { EdgeServices, Meter } from '#edge/edge-env.ts'
import { describeFailure, type JobRecord, type Log } from '#edge/log.ts'
import { createServices, type EdgeOverrides } from '#edge/open-services.ts'
import type { Job } from './define-job.ts'
import { jobTable } from './job-table.ts'

/** Does everything that is due. Never rejects: what fails is in the log, and the next run tries again. */
export type RunJobs = (cron: string, waitUntil: (work: Promise<unknown>) => void) => Promise<void>

/** The composition root of what the edge does by itself. Jobs run one after the other, so that they share few connections. */
export function createScheduler(
  config: EdgeConfig,
  { log = consoleLog, jobs = jobTable, ...overrides }: EdgeOverrides & { log?: Log; jobs?: readonly Job[] } = {},
): RunJobs {
  const open = createServices(config, overrides)
  return async (cron, waitUntil) => {
    const startedAt = Date.now()
    const runId = newId('request')
    const meter: Meter = { database: 0, redis: 0 }
    const background = createBackground(runId, waitUntil, log)
    const services = open({ requestId: runId, meter, background, network: 'scheduler' })
    const records: JobRecord[] = []
    for (const job of jobs) records.push(await runJob(job, services))
    log({
      event: 'scheduled',
      request_id: runId,
      cron,
      duration_ms: Date.now() - startedAt,
      database_requests: meter.database,
      jobs: records,
    })
  }
}

async function runJob(job: Job, services: EdgeServices): Promise<JobRecord> {
  const startedAt = Date.now()
  const lasted = () => ({ job: job.name, duration_ms: Date.now() - startedAt })
  try {
    const done = await job.run(services)
    return { ...lasted(), done }
  } catch (error) {
    return { ...lasted(), done: null, failure: describeFailure(error) }
  }
}
