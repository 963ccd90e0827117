import { ApiError } from '#contracts/errors.ts'
import type { Watch } from './watch.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'
import type { Weather } from './weather.ts'

/** The pool's longest wait for one statement's answer (db/clients/pg-pool.ts). */
const queryTimeoutMs = 10_000

/**
 * A store as one machine reaches it: each call is a request that arrives at the database some time later, takes effect
 * whatever became of its sender, and an answer that may not arrive.
 */
export function linkStore<S extends object>(
  store: S,
  { time, weather, watch, machine }: { time: VirtualTime; weather: Weather; watch: Watch; machine: Machine },
): S {
  const { random } = time

  function latency(): number {
    return random.chance(0.05) ? random.between(5, 200) : random.between(0.3, 4)
  }

  function request(name: string, args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let answered = false
      const answer = (ms: number, give: () => void) =>
        time.after(ms, machine, () => {
          if (answered) return
          answered = true
          give()
        })
      const fail = (ms: number, why: string) => answer(ms, () => reject(new ApiError('SERVICE_UNAVAILABLE', why)))
      const outage = () => fail(weather.silent ? queryTimeoutMs : latency(), 'connection refused')

      if (weather.away(machine)) return outage()
      const lingers = random.chance(weather.lingering)
      const travelMs = lingers ? random.between(500, 14_000) : latency()
      if (travelMs > queryTimeoutMs) fail(queryTimeoutMs, 'Query read timeout')
      time.after(travelMs, undefined, () => {
        // What was on its way when the connection broke may arrive or not.
        if (weather.away(machine) && random.chance(0.5)) return outage()
        const done = watch.execute(machine, name, args, () => call(store, name, args))
        done.then(
          (value) => {
            if (weather.away(machine)) return outage()
            if (random.chance(weather.lostReply)) return fail(latency(), 'connection reset')
            return answer(latency(), () => resolve(value))
          },
          (error: unknown) => answer(latency(), () => reject(error as Error)),
        )
      })
    })
  }

  return new Proxy(store, {
    get: (_target, name) => (typeof name === 'string' ? (...args: unknown[]) => request(name, args) : undefined),
  })
}

function call(store: object, name: string, args: unknown[]): Promise<unknown> {
  const method = (store as Record<string, ((...args: unknown[]) => Promise<unknown>) | undefined>)[name]
  if (method === undefined) throw new Error(`The store has no method ${name}.`)
  return method.apply(store, args)
}
