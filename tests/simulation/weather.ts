import type { InstanceId } from '#contracts/ids.ts'
import type { Machine, VirtualTime } from './virtual-time.ts'

/** How networks behave now; everything is fine once `clear` was called. */
export interface Weather {
  /** Requests to the database: chances of a reply that is lost after the commit, and of a request that lingers for seconds. */
  lostReply: number
  lingering: number
  /** Until when the database is away, for everybody or for one machine. */
  databaseAwayUntil: number
  awayFor: Map<Machine, number>
  /** Whether a database that is away refuses at once or says nothing. */
  silent: boolean
  /** WhatsApp: chances, per message or item, of a close before it arrives, of a close after it took effect, of a lost ack. */
  closeBefore: number
  closeAfter: number
  lostAck: number
  /** Chance that WhatsApp refuses a message as too fast (429). */
  tooFast: number
  /** Accounts that may not write to anybody new: WhatsApp refuses such a message (463). */
  restricted: Set<InstanceId>
  /** Chance that the end of a connection is noticed late by the other side. */
  halfOpen: number
  /** Webhook receivers by URL: chances of a failure, a lost answer, a slow answer, no answer in time. */
  receivers: Map<string, { fails: number; losesAnswer: number; slow: number; hangs: number }>
  clear(): void
  /** Whether the machine cannot reach the database now. */
  away(machine: Machine): boolean
}

export function createWeather(time: VirtualTime): Weather {
  const weather: Weather = {
    lostReply: 0,
    lingering: 0,
    databaseAwayUntil: 0,
    awayFor: new Map(),
    silent: false,
    closeBefore: 0,
    closeAfter: 0,
    lostAck: 0,
    tooFast: 0,
    restricted: new Set(),
    halfOpen: 0,
    receivers: new Map(),
    clear() {
      Object.assign(weather, { lostReply: 0, lingering: 0, databaseAwayUntil: 0 })
      Object.assign(weather, { closeBefore: 0, closeAfter: 0, lostAck: 0, tooFast: 0, halfOpen: 0 })
      weather.awayFor.clear()
      weather.restricted.clear()
      weather.receivers.clear()
    },
    away: (machine) => time.now < Math.max(weather.databaseAwayUntil, weather.awayFor.get(machine) ?? 0),
  }
  return weather
}
