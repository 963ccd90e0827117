import type { EdgeServices } from '#edge/edge-env.ts'

/** Work that the edge does by itself. Runs may overlap, be repeated or be missed: each is idempotent and ends by itself. */
export interface Job {
  /** kebab-case, as its file is named. */
  name: string
  /** Returns how many rows it dealt with. A failure is logged and stops no other job; the next run tries again. */
  run(services: EdgeServices): Promise<number>
}

/** Rows per statement: such a statement is far from the time-out of the edge's database. */
const batchSize = 500

/** Per run and job: 25,000 rows a minute, within the number of requests that Workers may make in one invocation. */
const mostBatches = 50

export function defineJob(job: Job): Job {
  return job
}

/** A job that takes batches until one is not full. The next run goes on where this one had to stop. */
export function defineBatchJob(
  name: string,
  runBatch: (services: EdgeServices, limit: number) => Promise<number>,
): Job {
  return defineJob({
    name,
    async run(services) {
      let done = 0
      for (let batch = 1; batch <= mostBatches; batch++) {
        const count = await runBatch(services, batchSize)
        done += count
        if (count < batchSize) break
      }
      return done
    },
  })
}
