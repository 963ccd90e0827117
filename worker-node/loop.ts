import type { Log } from './log.ts'

/** Work that repeats: every so often, and at once when somebody hints that there is some. Never twice at a time. */
export interface Loop {
  /** Run now, or once more as soon as the running turn ends. */
  hint(): void
  /** No further turn; resolves when the running one has ended. */
  stop(): Promise<void>
}

/** The first turn begins at once. A turn that throws is logged and the next one comes as usual. */
export function startLoop(options: {
  name: string
  /** Milliseconds between the end of a turn and the next without a hint. */
  intervalMs: number
  run: () => Promise<void>
  log: Log
}): Loop {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | undefined
  let hinted = false
  let stopped = false

  async function turn(): Promise<void> {
    try {
      await options.run()
    } catch (error) {
      options.log.warn(`The ${options.name} loop failed; it goes on.`, { error })
      // A hint that came meanwhile must not turn a lasting failure into a busy loop.
      hinted = false
    }
  }

  function begin(): void {
    clearTimeout(timer)
    hinted = false
    running = turn().then(() => {
      running = undefined
      if (stopped) return
      if (hinted) begin()
      else timer = setTimeout(begin, options.intervalMs)
    })
  }

  begin()
  return {
    hint() {
      if (stopped) return
      if (running === undefined) begin()
      else hinted = true
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
