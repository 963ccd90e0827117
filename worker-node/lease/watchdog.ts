import { Worker } from 'node:worker_threads'

/** Before the lease can end: it lasts 12 s from a renewal, and takers wait another second. */
const limitMs = 10_000
const tickMs = 500

/**
 * Ends the process with SIGKILL when its event loop has stood still for 10 s. A loop that stands still can neither renew
 * the lease nor close connections, so it must be gone when others take its instances over.
 */
export function startWatchdog(limits: { limitMs: number; tickMs: number } = { limitMs, tickMs }): void {
  const beats = new Int32Array(new SharedArrayBuffer(4))
  setInterval(() => Atomics.add(beats, 0, 1), limits.tickMs).unref()
  const thread = new Worker(new URL('./watchdog-thread.mjs', import.meta.url), {
    workerData: { beats, ...limits },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  })
  thread.unref()
}
