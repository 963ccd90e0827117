import type { Scope } from '#contracts/scopes.ts'
import type { EventPosition, LoggedEvent } from '#core/ports/events.ts'
import { eventCursor } from '#core/rules/event-cursor.ts'
import type { Actor, App } from '#core/verbs/app.ts'
import { checkKey } from '#core/verbs/keys/check-key.ts'
import { enterHeld } from './enter-held.ts'
import { pollMs, startOf, type ReadEventsInput } from './read-events.ts'

/** A stream ends after so long; its reader goes on where it ended. Bounds what a forgotten one costs. */
export const longestStreamMs = 5 * 60_000

/** How often a stream looks whether its key is still live. */
const keyCheckEveryLooks = 15

/** What one look at the log found. */
export interface Followed {
  events: { event: LoggedEvent['event']; cursor: string }[]
  /** Where to go on after all of them, also when there are none. */
  cursor: string
}

export interface FollowEventsInput extends ReadEventsInput {
  scope: Scope
  /** Goes before `after`. */
  lastEventId?: string | undefined
}

type Ports = Pick<App, 'events' | 'heldRequests' | 'background' | 'clock' | 'apiKeys' | 'provenKeys'>

/**
 * Follows the event log: one look a second, at once while there is more, five minutes at most. What is wrong with the
 * request is thrown here (VALIDATION_ERROR, RATE_LIMIT_EXCEEDED); later the stream throws what its looks throw, and when
 * its key is no longer live. Return it when nobody reads any more: it holds a place among the requests that wait.
 */
export async function followEvents(
  app: Ports,
  actor: Actor,
  { after, lastEventId, ...input }: FollowEventsInput,
): Promise<AsyncGenerator<Followed, void>> {
  const start =
    lastEventId === undefined
      ? await startOf(app, actor.customerId, after, 'after')
      : await startOf(app, actor.customerId, lastEventId, 'last-event-id')
  return follow(app, actor, start, input, enterHeld(app, actor.customerId))
}

async function* follow(
  app: Ports,
  actor: Actor,
  start: EventPosition | undefined,
  { scope, ...query }: Omit<FollowEventsInput, 'after' | 'lastEventId'>,
  leave: () => void,
): AsyncGenerator<Followed, void> {
  const { customerId } = actor
  const endsAt = app.clock.now().getTime() + longestStreamMs
  let position = start
  try {
    for (let looks = 1; looks <= longestStreamMs / pollMs && app.clock.now().getTime() < endsAt; looks++) {
      const batch = await app.events.after(customerId, position, query)
      position = batch.position
      yield {
        events: batch.events.map((logged) => ({
          event: logged.event,
          cursor: eventCursor(customerId, logged.position),
        })),
        cursor: eventCursor(customerId, position),
      }
      if (looks % keyCheckEveryLooks === 0) await checkKey(app, actor, scope)
      if (!batch.more) await app.background.sleep(pollMs)
    }
  } finally {
    leave()
  }
}
