import { ConfigError, environmentHelp, parseWorkerConfig } from '#worker-node/config.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { runUntilSignal } from '#worker-node/run-until-signal.ts'

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(environmentHelp)
  const worker = await createWorker(parseWorkerConfig(process.env))
  await runUntilSignal(worker)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof ConfigError ? `${error.message}\n\n${environmentHelp}` : error)
  process.exitCode = 1
}
