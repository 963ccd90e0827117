// A worker of the local stack as the fault rig runs it: the production worker, with a note of every fenced write that the
// database took, and crash points that the rig arms. Nothing of this is reachable from production code.
import { openSync } from 'node:fs'
import path from 'node:path'
import { runLocalWorker } from '#local/stack/run-local-worker.ts'
import { createCrashPoints } from './crash-points.ts'
import { noteWrites } from './note-writes.ts'

const folder = process.env['FAULT_RIG_FOLDER']
if (folder === undefined) throw new Error('This worker is only for the fault rig.')
const writes = openSync(path.join(folder, `writes-${process.pid}.jsonl`), 'a', 0o600)
const points = createCrashPoints()
process.on('message', (message) => points.listen(message))

await runLocalWorker({ wrapStores: (stores) => points.wrap(noteWrites(stores, writes)) })
