import type { MessageId } from '#contracts/ids.ts'
import type { Message } from '#core/ports/messages.ts'

/** Where requests that hold their answer (`Prefer: wait`) learn that their message is sent or final. */
export interface Settlements {
  /** The message as it was settled; undefined when `waitMs` pass first. */
  next(id: MessageId, waitMs: number): Promise<Message | undefined>
  tell(message: Message): void
}

export function createSettlements(): Settlements {
  const waiting = new Map<MessageId, Set<(message: Message) => void>>()

  return {
    next(id, waitMs) {
      return new Promise((resolve) => {
        const done = (message: Message | undefined) => {
          clearTimeout(timer)
          const others = waiting.get(id)
          others?.delete(done)
          if (others?.size === 0) waiting.delete(id)
          resolve(message)
        }
        const timer = setTimeout(done, waitMs, undefined)
        const waiters = waiting.get(id) ?? new Set()
        waiting.set(id, waiters.add(done))
      })
    },
    tell(message) {
      for (const done of waiting.get(message.id) ?? []) done(message)
    },
  }
}
