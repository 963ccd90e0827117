import type { ClaimedDelivery } from '#core/ports/deliveries.ts'
import type { PostedEvent } from '#worker-node/webhooks/post-event.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'
import type { Watch } from './watch.ts'
import type { Weather } from './weather.ts'

/** One attempt's whole budget (worker-node/webhooks/post-event.ts). */
const budgetMs = 15_000

/** The customers' webhook endpoints, as a model: what they received and what they answered. */
export interface Receivers {
  post(machine: Machine, delivery: ClaimedDelivery): Promise<PostedEvent>
  /** How often the endpoint has received the event. */
  received(url: string, eventId: string): number
}

export function createReceivers(deps: { time: VirtualTime; weather: Weather; watch: Watch }): Receivers {
  const { time, weather, watch } = deps
  const { random } = time
  /** By endpoint and event: how often it came and what it was the first time. */
  const log = new Map<string, { times: number; body: string }>()
  /** By endpoint and lane: the sequence of the newest event that was taken with a 2xx. */
  const newest = new Map<string, { sequence: number; confirmed: Set<string> }>()

  function receive({ url, event }: ClaimedDelivery): void {
    const key = `${url} ${event.id}`
    const body = JSON.stringify(event)
    const known = log.get(key)
    if (known === undefined) log.set(key, { times: 1, body })
    else {
      known.times += 1
      if (known.body !== body) watch.accuse('one event was told in two ways')
    }
  }

  /** Events of a lane come in order; one that was taken may come again at any time. */
  function confirm({ url, event }: ClaimedDelivery): void {
    const lane = `${url} ${laneOf(event)}`
    const known = newest.get(lane) ?? { sequence: -1, confirmed: new Set<string>() }
    newest.set(lane, known)
    if (known.confirmed.has(event.id)) return
    known.confirmed.add(event.id)
    const sequence = event.sequence ?? 0
    if (sequence < known.sequence) watch.accuse(`a webhook of lane ${laneOf(event)} came after a newer one`)
    known.sequence = Math.max(known.sequence, sequence)
  }

  return {
    post(machine, delivery) {
      const { url } = delivery
      const startedAt = time.now
      const chances = weather.receivers.get(url) ?? { fails: 0, losesAnswer: 0, slow: 0, hangs: 0 }
      return new Promise((resolve) => {
        const answer = (ms: number, status: number | null) =>
          time.after(ms, machine, () => {
            const error = status === null ? 'No answer within 15 seconds.' : null
            const durationMs = Math.round(time.now - startedAt)
            resolve({
              result: { status, error, durationMs, response: null },
              retryAfterMs: undefined,
              isUndeliverable: false,
            })
          })
        const travelMs = random.between(1, 40)
        if (random.chance(chances.hangs)) return answer(budgetMs, null)
        time.after(travelMs, undefined, () => {
          time.tell(() => `${url} receives ${delivery.event.type} ${delivery.event.sequence} from ${machine.name}`)
          if (random.chance(chances.fails)) return answer(travelMs, 500)
          receive(delivery)
          if (random.chance(chances.losesAnswer)) return answer(random.chance(0.5) ? travelMs : budgetMs, null)
          confirm(delivery)
          return answer(random.chance(chances.slow) ? random.between(1_000, budgetMs - 100) : travelMs, 200)
        })
      })
    },
    received: (url, eventId) => log.get(`${url} ${eventId}`)?.times ?? 0,
  }
}

/** As db/ makes lanes: by chat for messages, by instance for everything else. */
function laneOf({ data, instance_id }: ClaimedDelivery['event']): string {
  const { chat } = data as { chat?: unknown }
  return typeof chat === 'string' ? `${instance_id}/${chat}` : `${instance_id}`
}
