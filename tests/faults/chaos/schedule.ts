import type { Link } from '#tests/faults/stage/links.ts'

/** One thing that goes wrong, and for how long. `worker` counts from 0. */
export type Fault =
  /** kill -9; it is started again after `downMs`, which may be long enough for the others to take its sessions over. */
  | { kind: 'kill'; worker: number; downMs: number }
  /** SIGSTOP, and SIGCONT after `forMs`. */
  | { kind: 'pause'; worker: number; forMs: number }
  /** Connections end, and new ones too; without a worker for every worker. */
  | { kind: 'cut'; link: Link; worker: number | undefined; forMs: number }
  /** Nothing passes, and nothing ends. */
  | { kind: 'freeze'; link: Link; worker: number | undefined; forMs: number }
  /** The database ends every connection and answers nobody. */
  | { kind: 'database-restart'; forMs: number }

/** A fault that strikes when this share of the run's messages has arrived. */
export interface PlannedFault {
  /** In (0, 1). */
  at: number
  fault: Fault
}

export interface ScheduleOptions {
  kills: number
  /** Faults of other kinds; they go through all kinds in turn. */
  others: number
  workers: number
  /** No fault lasts longer. */
  maxMs: number
  random: () => number
}

/** A killed worker comes back at once, soon, or after the others have taken its sessions over. */
const downsMs = [0, 0, 3_000, 20_000]
const pausesMs = [5_000, 9_000, 13_000, 30_000]
const outagesMs = [500, 2_000, 6_000, 12_000]

/** The same faults for the same numbers: kills and other faults, each spread over the whole run. */
export function planFaults({ kills, others, workers, maxMs, random }: ScheduleOptions): PlannedFault[] {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const worker = () => Math.floor(random() * workers)
  const someWorker = () => (random() < 0.7 ? worker() : undefined)
  const within = (ms: number) => Math.min(ms, maxMs)
  const spread = (index: number, of: number) => (index + 0.2 + 0.6 * random()) / of

  const makers: (() => Fault)[] = [
    () => ({ kind: 'pause', worker: worker(), forMs: within(pick(pausesMs)) }),
    () => ({ kind: 'cut', link: 'worker-database', worker: someWorker(), forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'cut', link: 'worker-whatsapp', worker: someWorker(), forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'database-restart', forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'cut', link: 'edge-redis', worker: undefined, forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'cut', link: 'edge-database', worker: undefined, forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'pause', worker: worker(), forMs: within(pick(pausesMs)) }),
    () => ({ kind: 'freeze', link: 'worker-database', worker: someWorker(), forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'cut', link: 'edge-worker', worker: someWorker(), forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'freeze', link: 'worker-whatsapp', worker: someWorker(), forMs: within(pick(outagesMs)) }),
    () => ({ kind: 'cut', link: 'client-edge', worker: undefined, forMs: within(pick(outagesMs)) }),
  ]
  const planned: PlannedFault[] = []
  for (let index = 0; index < kills; index += 1) {
    const fault: Fault = { kind: 'kill', worker: worker(), downMs: within(pick(downsMs)) }
    planned.push({ at: spread(index, kills), fault })
  }
  for (let index = 0; index < others; index += 1) {
    const make = makers[index % makers.length]
    if (make !== undefined) planned.push({ at: spread(index, others), fault: make() })
  }
  return planned.toSorted((one, other) => one.at - other.at)
}

export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return `kill -9 worker ${fault.worker + 1}, down for ${fault.downMs} ms`
    case 'pause':
      return `SIGSTOP worker ${fault.worker + 1} for ${fault.forMs} ms`
    case 'database-restart':
      return `database restart, away for ${fault.forMs} ms`
    default: {
      const whose = fault.worker === undefined ? '' : ` of worker ${fault.worker + 1}`
      return `${fault.kind} ${fault.link}${whose} for ${fault.forMs} ms`
    }
  }
}
