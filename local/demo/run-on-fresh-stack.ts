import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { printProgress, type Progress } from '#local/stack/progress.ts'
import { startStack, type Stack } from '#local/stack/start-stack.ts'

/** Starts a stack that nobody used before, runs a demo on it, and leaves nothing behind. Ctrl-C ends it earlier. */
export async function runOnFreshStack(
  title: string,
  demo: (stack: Stack, progress: Progress) => Promise<void>,
): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'wharf-demo-'))
  const progress = printProgress((line) => console.log(line))
  const startedAt = performance.now()
  let stop = () => Promise.resolve()
  const interrupt = () => void stop().finally(() => process.exit(130))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    console.log('Starting a fresh stack')
    const stack = await startStack({ dataDir }, progress)
    stop = () => stack.stop()
    console.log(title)
    await demo(stack, progress)
    console.log(`All steps held (${((performance.now() - startedAt) / 1000).toFixed(1)} s).`)
  } finally {
    await stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}
