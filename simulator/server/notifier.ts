/** Lets many wait for a condition that changes with something else: each `notify` makes them look again. */
export class Notifier {
  readonly #looks = new Set<() => void>()

  notify(): void {
    for (const look of this.#looks) look()
  }

  /**
   * Resolves with the first value of `find` that is not undefined, now or after a `notify`.
   * @throws Error "<what> did not happen within <timeoutMs> ms"
   */
  waitFor<Value>(find: () => Value | undefined, timeoutMs: number, what: string): Promise<Value> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer)
        this.#looks.delete(look)
      }
      const look = (): void => {
        try {
          const value = find()
          if (value === undefined) return
          settle()
          resolve(value)
        } catch (error) {
          settle()
          reject(error)
        }
      }
      const timer = setTimeout(() => {
        settle()
        reject(new Error(`${what} did not happen within ${timeoutMs} ms.`))
      }, timeoutMs)
      this.#looks.add(look)
      look()
    })
  }
}
