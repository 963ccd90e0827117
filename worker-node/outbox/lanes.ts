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

export type LaneKey = `${InstanceId} ${string}`

export function laneKey(instanceId: InstanceId, chat: string): LaneKey {
  return `${instanceId} ${chat}`
}

/**
 * What this process remembers about the heads of its chats: which are on their way and which wait. Only waits are lost
 * with the process, never messages. Pacing per account attaches here: it is one more reason for a head to wait.
 */
export interface Lanes {
  /** Takes the lane for an attempt; undefined while another attempt runs or the head's wait is not over. */
  take(lane: LaneKey, head: MessageId, connects: number): { unconfirmed: number } | undefined
  /** The head is sent or final: the next message of the chat may leave. */
  done(lane: LaneKey): void
  /** The head stays; it may leave again after `afterMs`, or after the next log-in. */
  again(lane: LaneKey, afterMs: number): void
  /** Forgets waits of heads that are none any more. */
  keepOnly(heads: ReadonlySet<LaneKey>): void
  /** Heads that may not leave now: a query for heads has to look past them. */
  blocked(): number
}

export function createLanes(): Lanes {
  const lanes = new Map<LaneKey, Lane>()

  return {
    take(key, head, connects) {
      const known = lanes.get(key)
      if (known?.inFlight === true) return undefined
      const same = known?.messageId === head && known.connects === connects ? known : undefined
      if (same !== undefined && performance.now() < same.notBefore) return undefined
      const unconfirmed = same?.unconfirmed ?? 0
      lanes.set(key, { messageId: head, inFlight: true, unconfirmed, notBefore: 0, connects })
      return { unconfirmed }
    },
    done(key) {
      lanes.delete(key)
    },
    again(key, afterMs) {
      const lane = lanes.get(key)
      if (lane === undefined) return
      lane.inFlight = false
      lane.unconfirmed += 1
      lane.notBefore = performance.now() + afterMs
    },
    keepOnly(heads) {
      for (const [key, lane] of lanes) if (!lane.inFlight && !heads.has(key)) lanes.delete(key)
    },
    blocked: () => lanes.size,
  }
}
