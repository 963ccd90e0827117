import { parseWorkerConfig } from '#worker-node/config.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { endOnDefect } from '#worker-node/end-on-defect.ts'
import { startWatchdog } from '#worker-node/lease/watchdog.ts'
import { localOverrides } from './local-overrides.ts'
import type { WorkerOverrides } from '#worker-node/overrides.ts'

/**
 * Runs a worker of the local stack in this process, a child of the supervisor: the production worker plus what only entry
 * files may pass to it, the simulator's address and trust anchor, the permission to call webhooks on this machine, and
 * `more`. Resolves when it is ready and the supervisor knows.
 */
export async function runLocalWorker(more: WorkerOverrides = {}): Promise<void> {
  const worker = await createWorker(parseWorkerConfig(process.env), {
    ...localOverrides(process.env['WHARF_LOCAL_WHATSAPP']),
    ...more,
  })

  endOnDefect(worker)
  startWatchdog()

  let stopping: Promise<void> | undefined
  const stop = () => {
    stopping ??= worker.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  // The supervisor was killed, and the database with it: there is nobody left to say goodbye to.
  process.on('disconnect', () => process.exit(1))
  // Ctrl-C reaches every process of the terminal; the supervisor decides when a worker ends.
  process.on('SIGINT', () => {})

  await worker.start()
  process.send?.('ready')
}
