import type { PathStage } from './path/path-stage.ts'
import type { Sizes } from './sizes.ts'
import type { Duel } from './stage/duel.ts'
import type { Fleet } from './stage/fleet.ts'
import type { Stage } from './stage/open-stage.ts'

/** What is held against the limit: the median of the driver's own figures, or of driver divided by raw. */
export type Goal = { of: 'driver' | 'ratio' } & ({ atMost: number } | { atLeast: number })

/** One figure of both variants: the values of all rounds, in order; the n-th of each belong to one round. */
export interface Row {
  metric: string
  /** Empty for plain numbers. */
  unit: 'ms' | 's' | 'MB' | 'us' | '/s' | ''
  /** Empty where there is nothing to compare with. */
  raw: readonly number[]
  driver: readonly number[]
  goal?: Goal
}

/** What a benchmark works with. `duel`, `fleet` and `path` are made when they are first asked for, and shared. */
export interface Surroundings {
  stage: Stage
  sizes: Sizes
  duel: () => Promise<Duel>
  fleet: () => Promise<Fleet>
  path: () => Promise<PathStage>
}

export interface Columns {
  raw: string
  driver: string
}

export interface Benchmark {
  name: string
  /** What the two columns of figures hold; raw Baileys and the driver unless told. */
  columns?: Columns
  /** What is measured, on what. */
  what: string
  /** About how long a full run takes on two idle cores, with what has to be made for it. */
  seconds?: number
  /** How often. */
  often: (sizes: Sizes) => string
  run(surroundings: Surroundings): Promise<Row[]>
}
