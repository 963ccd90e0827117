import type { Benchmark } from '#bench/benchmark.ts'
import { cpuMsOf } from '#bench/path/process-use.ts'
import { startScript, type RunningScript } from '#bench/path/start-script.ts'
import { inTurn, type VariantName } from '#bench/variants.ts'
import { bundleEdge } from '#local/edge/bundle-edge.ts'

const pathOf: Record<VariantName, string> = { raw: 'proven', driver: 'remembered' }

export const keyCheck: Benchmark = {
  name: 'key-check',
  columns: { raw: 'proven by bcrypt', driver: 'remembered' },
  seconds: 20,
  what: "CPU of workerd that proving whose a request's key is adds to a request: by bcrypt, as the first use of a key costs, and by the isolate's memory, as every use after it. The same loop without a look at the key is taken off",
  often: ({ rounds, keyChecks: { remembered, proven } }) =>
    `${rounds} rounds of ${remembered} remembered keys and ${proven} proven ones, after one that is not counted`,
  async run({ sizes: { rounds, keyChecks } }) {
    const worker = await startScript(await bundleEdge('bench/path/key-check-worker.ts'))
    try {
      const times: Record<VariantName, number> = { raw: keyChecks.proven, driver: keyChecks.remembered }
      const added = async (variant: VariantName) => {
        const loop = await cpuOf(worker, 'none', times[variant])
        return (await cpuOf(worker, pathOf[variant], times[variant])) - loop
      }
      await inTurn(1, added)
      const { raw, driver } = await inTurn(rounds, added)
      return [{ metric: 'CPU of proving a key', unit: 'ms', raw, driver, goal: { of: 'driver', atMost: 1 } }]
    } finally {
      await worker.stop()
    }
  },
}

/** Milliseconds per look at a key. */
async function cpuOf({ url, pid }: RunningScript, path: string, times: number): Promise<number> {
  const before = await cpuMsOf(pid)
  const answer = await fetch(`${url}/${path}?times=${times}`)
  const { seen } = (await answer.json()) as { seen: number }
  if (seen !== times) throw new Error(`The Worker looked at ${seen} keys, not at ${times}.`)
  return ((await cpuMsOf(pid)) - before) / times
}
