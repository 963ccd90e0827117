import { ConfigError } from '#db/config/variables.ts'
import { environmentHelp, parseWorkerConfig } from '#worker-node/config.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { endOnDefect } from '#worker-node/end-on-defect.ts'
import { CannotListen } from '#worker-node/http/listen.ts'
import { startWatchdog } from '#worker-node/lease/watchdog.ts'
import { runUntilSignal } from '#worker-node/run-until-signal.ts'

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(environmentHelp)
  const worker = await createWorker(parseWorkerConfig(process.env))
  endOnDefect(worker)
  startWatchdog()
  await runUntilSignal(worker)
}

try {
  await main()
} catch (error) {
  process.exitCode = 1
  if (error instanceof ConfigError) console.error(`${error.message}\n\n${environmentHelp}`)
  else console.error(error instanceof CannotListen ? error.message : error)
}
