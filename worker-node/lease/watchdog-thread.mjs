// Plain JavaScript, so that the thread starts without the loader that compiles TypeScript. It runs beside the event loop
// and ends the process when that stands still: a worker that can neither renew nor close its connections must not outlive
// its lease. `process.exit` in a thread would end only the thread.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { beats, limitMs, tickMs } = workerData
/** Nobody wakes this: it is only a clock that needs no event loop. */
const never = new Int32Array(new SharedArrayBuffer(4))

let last = Atomics.load(beats, 0)
let silentMs = 0
let before = performance.now()
for (;;) {
  Atomics.wait(never, 0, 0, tickMs)
  const now = performance.now()
  const beat = Atomics.load(beats, 0)
  // A tick that took long was a process that was stopped as a whole; the lease's own clock decides about that.
  silentMs = beat === last ? silentMs + Math.min(now - before, 2 * tickMs) : 0
  last = beat
  before = now
  if (silentMs < limitMs) continue
  const line = { level: 60, time: new Date().toISOString(), message: 'The event loop stands still: the worker ends.' }
  writeSync(1, `${JSON.stringify(line)}\n`)
  process.kill(process.pid, 'SIGKILL')
}
