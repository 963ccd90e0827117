import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { promisify } from 'node:util'

/** Ids of the workerd processes that this process has started, as far as `ps` shows them. */
async function workerdChildren(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((match) => Number(match?.[2]) === process.pid && match?.[3]?.includes('workerd'))
    .map((match) => Number(match?.[1]))
}

/**
 * Sees to it that workerd does not outlive this process, however that ends: measured, a workerd whose parent was killed
 * runs on for ever. Resolves to what calls the guard off, for an orderly stop.
 */
export async function guardWorkerd(): Promise<() => Promise<void>> {
  const guard = fork(path.join(import.meta.dirname, 'workerd-guard.mjs'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  for (const pid of await workerdChildren()) guard.send(pid)
  // The guard must not keep this process alive.
  guard.unref()
  guard.channel?.unref()
  return async () => {
    if (!guard.connected) return
    const gone = once(guard, 'exit')
    // Not by disconnecting: that ends what is guarded, and this process may run other edges.
    guard.send('off')
    await gone
  }
}
