/** How many messages of one chat are on their way; a writer waits while it is full. */
export interface ChatWindow {
  /** Resolves true when there is room, and takes it; false when the window was closed. */
  take(): Promise<boolean>
  giveBack(): void
  /** Whoever waits, waits in vain. */
  close(): void
}

export function createChatWindow(size: number): ChatWindow {
  let free = size
  let closed = false
  const waiting: ((taken: boolean) => void)[] = []
  return {
    take() {
      if (closed) return Promise.resolve(false)
      if (free > 0) {
        free -= 1
        return Promise.resolve(true)
      }
      return new Promise((resolve) => waiting.push(resolve))
    },
    giveBack() {
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next(true)
    },
    close() {
      closed = true
      for (const resolve of waiting.splice(0)) resolve(false)
    },
  }
}
