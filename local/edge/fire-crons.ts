import type { LocalEdge } from './start-edge.ts'

const minuteMs = 60_000

/** Stands in for Cloudflare's cron: runs the edge's jobs every minute, never two runs at once. */
export function fireCrons(
  edge: Pick<LocalEdge, 'runScheduled'>,
  log: (line: string) => void,
): { stop(): Promise<void> } {
  let running: Promise<void> | undefined
  const timer = setInterval(() => {
    running ??= edge
      .runScheduled()
      .catch((error: unknown) => log(`The edge's scheduled jobs did not run: ${String(error)}`))
      .finally(() => (running = undefined))
  }, minuteMs)
  // It must not keep the process alive.
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
