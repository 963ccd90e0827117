/** Wakes whoever waits when something happens. */
export interface Signal<Value> {
  /** Resolves with the next value that satisfies `match`. */
  next(match?: (value: Value) => boolean): Promise<Value>
  emit(value: Value): void
}

export function createSignal<Value>(): Signal<Value> {
  const waiting = new Set<(value: Value) => void>()
  return {
    next: (match = () => true) =>
      new Promise((resolve) => {
        const look = (value: Value) => {
          if (!match(value)) return
          waiting.delete(look)
          resolve(value)
        }
        waiting.add(look)
      }),
    emit(value) {
      for (const look of waiting) look(value)
    },
  }
}
