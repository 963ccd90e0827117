import type { WharfEvent } from '#contracts/events.ts'
import type { CustomerId } from '#contracts/ids.ts'
import type { EventFilter, EventPosition } from '#core/ports/events.ts'
import { eventCursor, readEventCursor } from '#core/rules/event-cursor.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { enterHeld } from './enter-held.ts'

/** Between two looks at the log while a request waits: what waiting costs is one small query a second. */
export const pollMs = 1_000

export interface ReadEventsInput extends EventFilter {
  /** A cursor, or `latest` for the end of the log as it is now; undefined for its beginning. */
  after?: string | undefined
  limit: number
}

export interface EventPage {
  events: WharfEvent[]
  cursor: string
  more: boolean
}

/**
 * Reads the event log. When there is nothing yet it looks again every second, until there is something or `waitSeconds`
 * are over: at most that many queries more. Throws VALIDATION_ERROR and, when it would wait as one of too many,
 * RATE_LIMIT_EXCEEDED.
 */
export async function readEvents(
  app: Pick<App, 'events' | 'heldRequests' | 'background' | 'clock'>,
  actor: Actor,
  { after, waitSeconds, ...query }: ReadEventsInput & { waitSeconds: number },
): Promise<EventPage> {
  const { customerId } = actor
  const leave = waitSeconds > 0 ? enterHeld(app, customerId) : undefined
  try {
    const endsAt = app.clock.now().getTime() + waitSeconds * 1_000
    let position = await startOf(app, customerId, after, 'after')
    for (let looks = waitSeconds; ; looks--) {
      const batch = await app.events.after(customerId, position, query)
      if (batch.events.length > 0 || looks <= 0 || app.clock.now().getTime() + pollMs > endsAt) {
        return {
          events: batch.events.map(({ event }) => event),
          cursor: eventCursor(customerId, batch.position),
          more: batch.more,
        }
      }
      position = batch.position
      await app.background.sleep(pollMs)
    }
  } finally {
    leave?.()
  }
}

/** The position that was asked for; `field` names it when it is none. */
export async function startOf(
  app: Pick<App, 'events'>,
  customerId: CustomerId,
  after: string | undefined,
  field: string,
): Promise<EventPosition | undefined> {
  if (after === undefined) return undefined
  if (after !== 'latest') return readEventCursor(customerId, after, field)
  return (await app.events.after(customerId, undefined, { limit: 0 })).position
}
