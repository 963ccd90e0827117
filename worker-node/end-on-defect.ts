import type { Worker } from './assemble-worker.ts'

/** Time for closing the connections to WhatsApp. */
const closingMs = 500

/**
 * An error that nobody caught leaves the process in a state that nobody knows, so it ends, with code 1, and whoever
 * supervises it starts the next one. Connections close first and nothing more is written. The lease is not given back:
 * that would be one more write, and the successor may only begin when this process has surely ended.
 */
export function endOnDefect(worker: Pick<Worker, 'abort'>): void {
  let ending = false
  const end = (error: unknown) => {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), closingMs)
    worker.abort(error)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
