/** Work that goes on after the answer, and waiting inside a request. Given anew to each request. */
export interface Background {
  /** Starts now and does not hold up the answer. A failure is logged and reaches nobody. */
  run(work: () => Promise<unknown>): void
  /** Resolves after so many milliseconds. */
  sleep(ms: number): Promise<void>
}
