import type { EventType, WharfEvent } from '#contracts/events.ts'
import type { CustomerId, EventId, InstanceId } from '#contracts/ids.ts'

/**
 * A place in a customer's event log, which is ordered by (transaction, event id). With an empty id: before all events of
 * that transaction.
 */
export interface EventPosition {
  /** A 64-bit number as text: it may exceed what a number holds. */
  xid: string
  id: EventId | ''
}

export interface LoggedEvent {
  event: WharfEvent
  position: EventPosition
}

export interface EventBatch {
  /** Oldest first. */
  events: LoggedEvent[]
  /** Where to go on: nothing that matches lies between the last event and here. */
  position: EventPosition
  /** More events that match are there already. */
  more: boolean
}

export interface EventFilter {
  types?: readonly EventType[] | undefined
  instanceId?: InstanceId | undefined
}

/** A customer's event log. */
export interface Events {
  /**
   * The events after a position (undefined: from the oldest that is kept), at most `limit`; with a limit of 0 it tells
   * where the log ends now. An event is shown only when every transaction that began before its own has ended, so that one
   * that commits late is never skipped.
   */
  after(
    customerId: CustomerId,
    position: EventPosition | undefined,
    query: EventFilter & { limit: number },
  ): Promise<EventBatch>
}
