/** Tells a person what the stack is doing: one line per part, with the time that it took. */
export interface Progress {
  step<T>(name: string, run: () => Promise<T>, describe?: (value: T) => string): Promise<T>
  line(text: string): void
}

export function printProgress(print: (line: string) => void): Progress {
  return {
    line: print,
    async step(name, run, describe) {
      const startedAt = performance.now()
      try {
        const value = await run()
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
        print(`  ✓ ${name.padEnd(20)} ${seconds.padStart(5)} s  ${describe?.(value) ?? ''}`.trimEnd())
        return value
      } catch (error) {
        print(`  ✗ ${name}`)
        throw error
      }
    },
  }
}

/** For tests. */
export const silentProgress: Progress = { line: () => {}, step: (_name, run) => run() }
