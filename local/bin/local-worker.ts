// A worker of the local stack, started by its supervisor.
import { runLocalWorker } from '#local/stack/run-local-worker.ts'

await runLocalWorker()
