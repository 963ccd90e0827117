import type { Benchmark, Row, Surroundings } from '#bench/benchmark.ts'
import type { Sizes } from '#bench/sizes.ts'
import type { Duellist } from '#bench/stage/duel.ts'
import type { Stage } from '#bench/stage/open-stage.ts'
import type { Cost } from '#bench/subject/subject-calls.ts'
import { inTurn } from '#bench/variants.ts'

interface PerMessage {
  name: string
  what: string
  seconds?: number
  /** What one of them is called. */
  unitOfWork: string
  count: (sizes: Sizes) => number
  work: (duellist: Duellist, stage: Stage, sizes: Sizes) => Promise<Cost>
}

/** A benchmark of CPU per message between one account and its contacts: warm-up, then rounds in turn. */
export function perMessage({ name, what, seconds, unitOfWork, count, work }: PerMessage): Benchmark {
  return {
    name,
    what,
    ...(seconds === undefined ? {} : { seconds }),
    often: (sizes) => `${sizes.rounds} rounds of ${count(sizes)} after one that is not counted`,
    async run({ stage, sizes, duel }: Surroundings): Promise<Row[]> {
      const duellists = await duel()
      const round = async (variant: keyof typeof duellists) => {
        const { cpuMs } = await work(duellists[variant], stage, sizes)
        return cpuMs / count(sizes)
      }
      await inTurn(1, round)
      const values = await inTurn(sizes.rounds, round)
      return [{ metric: `CPU per ${unitOfWork}`, unit: 'ms', ...values, goal: { of: 'ratio', atMost: 2 } }]
    },
  }
}
