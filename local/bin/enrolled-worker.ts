// `npm run worker:local`: one more worker for the stack that `npm start` runs on this machine.
import path from 'node:path'
import { ConfigError } from '#db/config/variables.ts'
import { actingAs } from '#local/database/acting-as.ts'
import { readAddresses } from '#local/stack/addresses.ts'
import { localOverrides } from '#local/stack/local-overrides.ts'
import { loadState } from '#local/stack/state.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { databaseRoles } from '#migrations/grants.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { prepareWorker, readWorkerArguments } from '#worker-node/enroll/prepare-worker.ts'
import { endOnDefect } from '#worker-node/end-on-defect.ts'
import { CannotListen } from '#worker-node/http/listen.ts'
import { startWatchdog } from '#worker-node/lease/watchdog.ts'
import { runUntilSignal } from '#worker-node/run-until-signal.ts'

const help = `npm run worker:local [-- --enroll TOKEN --edge ADDRESS]: a worker for the local stack, once it has enrolled

Environment, each optional:
  WHARF_DATA  folder of the running stack (.wharf/local)
  DATA_DIR    folder of this worker's own, another for each (a folder of the stack's)
  LOG_LEVEL   (warn)`

await runMain(async () => {
  try {
    await run()
  } catch (error) {
    if (error instanceof ConfigError || error instanceof CannotListen)
      throw new UserError(error.message, { cause: error })
    throw error
  }
})

async function run(): Promise<void> {
  const asked = readWorkerArguments(process.argv.slice(2))
  if (asked.help) return console.log(help)
  const stackDir = path.resolve(process.env['WHARF_DATA'] ?? path.join('.wharf', 'local'))
  const stack = await readAddresses(stackDir)
  if (stack === undefined) throw new UserError('No local stack runs here: run `npm start` in another shell first.')
  const { sessionKeyRing, webhookKeyRing } = await loadState(stackDir)
  const { config, identity } = await prepareWorker(
    {
      DATABASE_URL: actingAs(stack.databaseUrl, databaseRoles.worker),
      SESSION_KEY_RING: sessionKeyRing,
      WEBHOOK_KEY_RING: webhookKeyRing,
      DATA_DIR: process.env['DATA_DIR'] ?? path.join(stackDir, 'workers', 'enrolled'),
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'warn',
    },
    asked,
  )
  if (identity === undefined) throw new UserError('This worker has not enrolled: it needs --enroll and --edge.')
  console.log(`This worker is ${identity.server_id}, at ${identity.url}. Ctrl-C ends it.`)
  // No proxy stands before a local worker: it listens where the registry says that it is.
  const worker = await createWorker(
    { ...config, port: Number(new URL(identity.url).port) },
    localOverrides(stack.whatsapp),
  )
  endOnDefect(worker)
  startWatchdog()
  await runUntilSignal(worker, () => console.log('It takes instances.'))
}
