import type { InstanceId, MessageId } from '#contracts/ids.ts'

/** The head of one chat of one instance, as far as this process has dealt with it. */
interface Lane {
  messageId: MessageId
  /** An attempt is running. */
  inFlight: boolean
  /** Attempts on this connection that nobody confirmed. */
  unconfirmed: number
  /** Monotonic time before which the message does not leave again. */
  notBefore: number
  /** Which log-in of the session this belongs to. */
  connects: number
}

type LaneKey = `${InstanceId} ${string}`

/** A chat, the message at its head, and the log-in of the session that would send it. */
export interface Head {
  instanceId: InstanceId
  chat: string
  messageId: MessageId
  connects: number
}

/** Waits that are remembered; of more, the oldest are forgotten, which costs a resend that comes too early. */
const rememberedWaits = 10_000

/**
 * What this process remembers about the heads of its chats: which are on their way and which wait. Only waits are lost
 * with the process, never messages; and it does not grow with what is queued.
 */
export interface Lanes {
  /** False while another attempt runs in the chat or the head's wait is not over. */
  isFree(head: Head): boolean
  /** Begins an attempt; returns how many before it nobody confirmed. */
  take(head: Head): number
  /** The head is sent or final: the next message of the chat may leave. */
  done(head: Head): void
  /** The head stays; it may leave again after `afterMs`, or after the next log-in. */
  again(head: Head, afterMs: number): void
  /** Attempts of the instance that are running. */
  inFlight(instanceId: InstanceId): number
  /** The messages of all attempts that are running. */
  busy(): MessageId[]
}

export function createLanes({ remembered = rememberedWaits } = {}): Lanes {
  const lanes = new Map<LaneKey, Lane>()
  const running = new Map<InstanceId, number>()

  /** What is known of this very head under this log-in. */
  function known({ messageId, connects, ...chat }: Head): Lane | undefined {
    const lane = lanes.get(keyOf(chat))
    return lane?.messageId === messageId && lane.connects === connects ? lane : undefined
  }

  function count(instanceId: InstanceId, change: number): void {
    const counted = (running.get(instanceId) ?? 0) + change
    if (counted > 0) running.set(instanceId, counted)
    else running.delete(instanceId)
  }

  function forgetOldest(): void {
    for (const [key, { inFlight }] of lanes) {
      if (lanes.size <= remembered) return
      if (!inFlight) lanes.delete(key)
    }
  }

  return {
    isFree(head) {
      if (lanes.get(keyOf(head))?.inFlight === true) return false
      return performance.now() >= (known(head)?.notBefore ?? 0)
    },
    take(head) {
      const { messageId, connects, instanceId } = head
      const unconfirmed = known(head)?.unconfirmed ?? 0
      lanes.delete(keyOf(head))
      lanes.set(keyOf(head), { messageId, inFlight: true, unconfirmed, notBefore: 0, connects })
      count(instanceId, 1)
      return unconfirmed
    },
    done(head) {
      if (lanes.delete(keyOf(head))) count(head.instanceId, -1)
    },
    again(head, afterMs) {
      const lane = lanes.get(keyOf(head))
      if (lane === undefined) return
      count(head.instanceId, -1)
      lane.inFlight = false
      lane.unconfirmed += 1
      lane.notBefore = performance.now() + afterMs
      if (lanes.size > remembered) forgetOldest()
    },
    inFlight: (instanceId) => running.get(instanceId) ?? 0,
    busy: () => [...lanes.values()].flatMap(({ inFlight, messageId }) => (inFlight ? [messageId] : [])),
  }
}

function keyOf({ instanceId, chat }: Pick<Head, 'instanceId' | 'chat'>): LaneKey {
  return `${instanceId} ${chat}`
}
