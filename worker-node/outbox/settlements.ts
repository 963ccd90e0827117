import type { MessageId } from '#contracts/ids.ts'

/** Where requests that hold their answer (`Prefer: wait`) learn that something became of their message. */
export interface Settlements {
  /** Resolves when the message was sent or ended, or when `waitMs` have passed. */
  next(id: MessageId, waitMs: number): { settled: Promise<void>; forget: () => void }
  tell(id: MessageId): void
  /** Whoever waits need not wait any longer. */
  tellAll(): void
}

export function createSettlements(): Settlements {
  const waiting = new Map<MessageId, Set<() => void>>()

  return {
    next(id, waitMs) {
      let forget = () => {}
      const settled = new Promise<void>((resolve) => {
        const waiters = waiting.get(id) ?? new Set()
        waiting.set(id, waiters)
        forget = () => {
          clearTimeout(timer)
          waiters.delete(forget)
          if (waiters.size === 0) waiting.delete(id)
          resolve()
        }
        const timer = setTimeout(forget, waitMs)
        waiters.add(forget)
      })
      return { settled, forget }
    },
    tell(id) {
      for (const resolve of waiting.get(id) ?? []) resolve()
    },
    tellAll() {
      for (const waiters of waiting.values()) for (const resolve of waiters) resolve()
    },
  }
}
