import type { Worker } from './assemble-worker.ts'

/**
 * Starts the worker and stops it gracefully at the first SIGTERM or SIGINT; a second one ends the process at once.
 * Resolves when everything is closed. Throws when it cannot start.
 */
export async function runUntilSignal(worker: Worker, onReady: () => void = () => {}): Promise<void> {
  const stopped = new Promise<void>((resolve, reject) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(1)
      asked = true
      worker.stop().then(resolve, reject)
    }
    process.on('SIGTERM', stop)
    process.on('SIGINT', stop)
  })
  try {
    await worker.start()
    onReady()
  } catch (error) {
    await worker.stop()
    throw error
  }
  await stopped
}
