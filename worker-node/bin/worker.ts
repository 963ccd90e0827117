import { ConfigError } from '#db/config/variables.ts'
import { environmentHelp } from '#worker-node/config.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { prepareWorker, readWorkerArguments } from '#worker-node/enroll/prepare-worker.ts'
import { endOnDefect } from '#worker-node/end-on-defect.ts'
import { CannotListen } from '#worker-node/http/listen.ts'
import { startWatchdog } from '#worker-node/lease/watchdog.ts'
import { withCredentials } from '#worker-node/with-credentials.ts'
import { runUntilSignal } from '#worker-node/run-until-signal.ts'

async function main(): Promise<void> {
  const asked = readWorkerArguments(process.argv.slice(2))
  if (asked.help) return console.log(environmentHelp)
  const { config, identity } = await prepareWorker(withCredentials(process.env), asked)
  if (asked.enroll?.only === true) return console.log(`Enrolled as ${identity?.server_id}.`)
  const worker = await createWorker(config)
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
