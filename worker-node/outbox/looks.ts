import type { InstanceId, MessageId } from '#contracts/ids.ts'
import type { OutboxLook } from '#core/ports/outbox.ts'

/** Chats that one query comes to, shared among its instances ... */
const chatsPerTurn = 2_000
/** ... so many of each. One with more chats than this is gone through page by page, turn after turn. */
const chatsPerLook = { least: 4, most: 200 }

/** Hints that are remembered until the next turn; the pages come to the rest. */
const mostHints = 500

/**
 * Which chats of which instances the next query looks at. An instance with a long queue gets as many as any other, and goes
 * on with its next chats the turn after: no queue of a customer holds up another's, and none has to fit into memory.
 */
export interface Looks {
  /** A message that was just accepted: its chat is looked at beside the page. */
  hint(message: MessageId): void
  /** Looks at those of the connected instances that have room for more on their way. */
  next(
    connected: ReadonlySet<InstanceId>,
    hasRoom: (instanceId: InstanceId) => boolean,
  ): { looks: OutboxLook[]; chats: number; hinted: MessageId[] }
  /** Where the looks ended. Returns the instances with chats that none of them came to. */
  looked(looks: readonly OutboxLook[], next: ReadonlyMap<InstanceId, string>): ReadonlySet<InstanceId>
}

export function createLooks(): Looks {
  const pages = new Map<InstanceId, string>()
  const hints = new Set<MessageId>()

  return {
    hint(message) {
      if (hints.size < mostHints) hints.add(message)
    },
    next(connected, hasRoom) {
      for (const instanceId of pages.keys()) if (!connected.has(instanceId)) pages.delete(instanceId)
      const looks = [...connected]
        .filter(hasRoom)
        .map((instanceId) => ({ instanceId, after: pages.get(instanceId) ?? '' }))
      const share = Math.floor(chatsPerTurn / Math.max(1, looks.length))
      const hinted = [...hints]
      if (looks.length > 0) hints.clear()
      return { looks, chats: Math.max(chatsPerLook.least, Math.min(chatsPerLook.most, share)), hinted }
    },
    looked(looks, next) {
      for (const { instanceId } of looks) {
        const after = next.get(instanceId)
        if (after === undefined) pages.delete(instanceId)
        else pages.set(instanceId, after)
      }
      return new Set(next.keys())
    },
  }
}
