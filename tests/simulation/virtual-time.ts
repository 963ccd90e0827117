import { EventQueue, type Happening } from './event-queue.ts'
import type { Random } from './random.ts'

/** One computer process of the simulation: what runs in it stops, dies and has clocks of its own. */
export interface Machine {
  readonly name: string
  alive: boolean
  /** Nothing runs in it before this moment. */
  stoppedUntil: number
  /** What its clock on the wall is wrong by. */
  wallOffsetMs: number
  /** What its monotonic clock shows beyond virtual time: machines started at different times, and a suspended one lost some. */
  monotonicOffsetMs: number
}

/**
 * One timeline for everything that is simulated. Happenings run one after the other; after each, everything that its
 * promises lead to runs before the next. So all code between two happenings belongs to one machine, `current`, which is
 * how the timers and clocks that the product takes from its globals know whose they are.
 */
export interface VirtualTime {
  readonly random: Random
  /** Milliseconds since the beginning. */
  readonly now: number
  readonly current: Machine | undefined
  /** How many things have happened. */
  readonly happened: number
  machine(name: string): Machine
  /** After so many milliseconds, in that machine or outside of all. */
  after(ms: number, machine: Machine | undefined, run: () => void): Happening
  /** A timer of the current machine. */
  timer(ms: number, run: () => void): Happening
  /** SIGSTOP, and SIGCONT so much later: clocks go on, nothing runs. */
  stop(machine: Machine, ms: number): void
  /** The computer sleeps: its monotonic clock and timers stop too. */
  suspend(machine: Machine, ms: number): void
  kill(machine: Machine): void
  /** Lets things happen until `done`, looked at after each, or until nothing is planned or `until` has come. */
  run(done: () => boolean, until: number): Promise<void>
  /** A line of the story, told only when somebody listens. */
  tell(line: () => string): void
}

/** The database's clock when virtual time begins. */
export const beginning = Date.UTC(2026, 0, 1)

/** The real one: the global is the product's. */
const { setImmediate } = globalThis
/** So many happenings are planned with Node at a time: one round of its event loop for each would be slow. */
const perRound = 64

export function createVirtualTime(random: Random, listen?: (line: string) => void): VirtualTime {
  const queue = new EventQueue()
  let order = 0
  let happened = 0
  let now = 0
  let current: Machine | undefined

  function plan(ms: number, machine: Machine | undefined, timer: boolean, run: () => void): Happening {
    const item: Happening = { at: now + Math.max(0, ms), order: ++order, machine, timer, run }
    queue.push(item)
    return item
  }

  function isOver(item: Happening): boolean {
    return item.run === undefined || item.machine?.alive === false
  }

  /** False when nothing is left. */
  function step(until: number): boolean {
    for (;;) {
      const item = queue.pop()
      if (item === undefined) return false
      if (isOver(item)) continue
      if (item.at > until) {
        queue.push(item)
        return false
      }
      now = item.at
      const { machine, run } = item
      if (machine !== undefined && machine.stoppedUntil > now) {
        queue.push(Object.assign(item, { at: machine.stoppedUntil }))
        continue
      }
      current = machine
      happened += 1
      item.run = undefined
      run?.()
      return true
    }
  }

  return {
    random,
    get now() {
      return now
    },
    get current() {
      return current
    },
    get happened() {
      return happened
    },
    machine: (name) => ({
      name,
      alive: true,
      stoppedUntil: 0,
      wallOffsetMs: 0,
      monotonicOffsetMs: random.between(0, 1e6),
    }),
    after: (ms, machine, run) => plan(ms, machine, false, run),
    timer: (ms, run) => plan(ms, current, true, run),
    stop(machine, ms) {
      machine.stoppedUntil = Math.max(machine.stoppedUntil, now + ms)
    },
    suspend(machine, ms) {
      machine.stoppedUntil = Math.max(machine.stoppedUntil, now + ms)
      machine.monotonicOffsetMs -= ms
      queue.postpone(ms, (item) => item.machine === machine && item.timer)
    },
    kill(machine) {
      machine.alive = false
    },
    run(done, until) {
      return new Promise((resolve, reject) => {
        let over = false
        let left = 0
        const turn = () => {
          left -= 1
          if (over) return
          try {
            if (done() || !step(until)) {
              over = true
              current = undefined
              return resolve()
            }
          } catch (error) {
            over = true
            current = undefined
            return reject(error as Error)
          }
          if (left === 0) planRound()
        }
        const planRound = () => {
          left = perRound
          for (let index = 0; index < perRound; index += 1) setImmediate(turn)
        }
        planRound()
      })
    },
    tell(line) {
      listen?.(`${(now / 1_000).toFixed(3).padStart(9)}  ${current?.name ?? '-'}  ${line()}`)
    },
  }
}
