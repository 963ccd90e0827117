import type { Benchmark } from '#bench/benchmark.ts'
import { rssMbOf } from '#bench/path/process-use.ts'
import { sendThrough } from '#bench/path/send-through.ts'
import { pathColumns } from './path-columns.ts'

const looks = 4

export const pathMemory: Benchmark = {
  name: 'path-memory',
  columns: pathColumns,
  what: "the worker's resident memory as the operating system counts it (no garbage collection is forced) while messages go through the path, with the most requests open",
  often: ({ path }) => `once: ${path.memoryMessages} messages, a look after each quarter`,
  async run({ sizes, path: open }) {
    const path = await open()
    const { memoryMessages, out } = sizes.path
    const rss = [await rssMbOf(path.workerPid)]
    for (let part = 0; part < looks; part++) {
      await sendThrough(path, memoryMessages / looks, { atOnce: out.at(-1)?.atOnce ?? 1 })
      rss.push(await rssMbOf(path.workerPid))
    }
    const [before = 0, first = 0] = rss
    const last = rss.at(-1) ?? 0
    return [
      { metric: 'before', unit: 'MB', raw: [], driver: [before] },
      { metric: `after ${memoryMessages} messages`, unit: 'MB', raw: [], driver: [last] },
      { metric: `grown since message ${memoryMessages / looks}`, unit: 'MB', raw: [], driver: [last - first] },
      { metric: 'highest look', unit: 'MB', raw: [], driver: [Math.max(...rss)] },
    ]
  },
}
