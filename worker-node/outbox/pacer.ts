import type { InstanceId } from '#contracts/ids.ts'
import type { OutboxEntry } from '#core/ports/outbox.ts'
import { gapsOf, jittered, type DefaultPace } from '#core/rules/pacing.ts'

/** Monotonic times. */
interface Turn {
  /** Since when this process sends for the instance. */
  since: number
  /** When the next first message to a new chat may leave; undefined before the first. */
  newChatAt: number | undefined
  anyAt: number
}

/**
 * When messages of an instance may leave. It remembers nothing beyond the process: whoever takes an instance over lets a
 * gap pass first, since the last message may have left just before.
 */
export interface Pacer {
  /** The instances that are connected now; others are forgotten. */
  follow(instances: Iterable<InstanceId>): void
  /** 0 when it may leave now, and then it counts as leaving; else the milliseconds until it may. */
  take(entry: Pick<OutboxEntry, 'newChat' | 'pace'> & { message: { instanceId: InstanceId } }): number
}

export function createPacer(deps: { defaultPace: DefaultPace; random: () => number }): Pacer {
  let turns = new Map<InstanceId, Turn>()

  return {
    follow(instances) {
      const now = performance.now()
      const followed = [...instances].map((id): [InstanceId, Turn] => {
        return [id, turns.get(id) ?? { since: now, newChatAt: undefined, anyAt: 0 }]
      })
      turns = new Map(followed)
    },

    take({ message, newChat, pace }) {
      const { newChatMs, anyMs } = gapsOf(pace, deps.defaultPace)
      const turn = turns.get(message.instanceId)
      if (turn === undefined || (newChatMs === 0 && anyMs === 0)) return 0
      const now = performance.now()
      turn.newChatAt ??= turn.since + jittered(newChatMs, deps.random())
      // A pace that was made faster meanwhile holds at once.
      const newChatWait = newChat ? Math.min(turn.newChatAt - now, 1.5 * newChatMs) : 0
      const wait = Math.max(newChatWait, Math.min(turn.anyAt - now, 1.5 * anyMs))
      if (wait > 0) return wait
      if (newChat) turn.newChatAt = now + jittered(newChatMs, deps.random())
      turn.anyAt = now + jittered(anyMs, deps.random())
      return 0
    },
  }
}
