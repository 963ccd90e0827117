// The worker on a machine of test:ops: the production one, with the simulator in WhatsApp's place.
import { localOverrides } from '#local/stack/local-overrides.ts'
import { createWorker } from '#worker-node/create-worker.ts'
import { endOnDefect } from '#worker-node/end-on-defect.ts'
import { prepareWorker } from '#worker-node/enroll/prepare-worker.ts'
import { startWatchdog } from '#worker-node/lease/watchdog.ts'
import { runUntilSignal } from '#worker-node/run-until-signal.ts'
import { withCredentials } from '#worker-node/with-credentials.ts'

const { config } = await prepareWorker(withCredentials(process.env), { help: false })
const worker = await createWorker(config, localOverrides(process.env['WHARF_LOCAL_WHATSAPP']))
endOnDefect(worker)
startWatchdog()
await runUntilSignal(worker)
