import type { Sizes } from './sizes.ts'
import type { Duel } from './stage/duel.ts'
import type { Fleet } from './stage/fleet.ts'
import type { Stage } from './stage/open-stage.ts'

export interface Goal {
  /** What is held against the limit: the median of the driver's own figures, or of driver divided by raw. */
  of: 'driver' | 'ratio'
  atMost: number
}

/** One figure of both variants: the values of all rounds, in order; the n-th of each belong to one round. */
export interface Row {
  metric: string
  unit: 'ms' | 's' | 'MB' | 'us'
  raw: readonly number[]
  driver: readonly number[]
  goal?: Goal
}

/** What a benchmark works with. `duel` and `fleet` are made when they are first asked for, and shared. */
export interface Surroundings {
  stage: Stage
  sizes: Sizes
  duel: () => Promise<Duel>
  fleet: () => Promise<Fleet>
}

export interface Benchmark {
  name: string
  /** What is measured, on what. */
  what: string
  /** How often. */
  often: (sizes: Sizes) => string
  run(surroundings: Surroundings): Promise<Row[]>
}
