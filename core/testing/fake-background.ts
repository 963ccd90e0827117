import type { Background } from '#core/ports/background.ts'

export interface FakeBackground extends Background {
  /** Resolves when all that was started has ended; rejects with the first failure. */
  settled(): Promise<void>
  /** Milliseconds of each sleep, which takes no time here. */
  slept: number[]
}

export function createFakeBackground(): FakeBackground {
  const started: Promise<unknown>[] = []
  const slept: number[] = []
  return {
    slept,
    run(work) {
      const running = work()
      running.catch(() => {})
      started.push(running)
    },
    async sleep(ms) {
      slept.push(ms)
    },
    async settled() {
      while (started.length > 0) await started.shift()
    },
  }
}
