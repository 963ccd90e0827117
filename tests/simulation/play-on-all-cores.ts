import { fork } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { addShare, emptyShare, type Share } from './share.ts'

const root = path.dirname(path.dirname(import.meta.dirname))

/**
 * Shares the seeds among one process per core. The players are bundled first: code that tsx transforms keeps the names of
 * all functions, which costs a third of the time here.
 */
export async function playOnAllCores(options: {
  first: number
  seeds: number
  /** Told how many seeds are done, at each full thousand. */
  progress: (done: number) => void
}): Promise<Share> {
  const { first, seeds, progress } = options
  const bundle = path.join(root, '.wharf', `simulation-${process.pid}.mjs`)
  await build({
    entryPoints: [path.join(import.meta.dirname, 'player.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
  const total = emptyShare()
  const players = Math.min(availableParallelism(), seeds)
  const add = (share: Share) => {
    const thousands = Math.floor(total.seeds / 1_000)
    addShare(total, share)
    if (Math.floor(total.seeds / 1_000) > thousands) progress(total.seeds)
  }
  try {
    await Promise.all(
      Array.from({ length: players }, (_, index) => {
        const own = Math.floor(seeds / players) + (index < seeds % players ? 1 : 0)
        return play(bundle, [first + index, own, players], add)
      }),
    )
  } finally {
    await rm(bundle, { force: true })
  }
  total.failures.sort((one, other) => one.seed - other.seed)
  return total
}

function play(bundle: string, args: number[], told: (share: Share) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    // Most objects die young: room for them saves half of the collector's work.
    const player = fork(bundle, args.map(String), { cwd: root, execArgv: ['--max-semi-space-size=64'] })
    const stop = () => player.kill()
    process.once('exit', stop)
    player.on('message', (share) => told(share as Share))
    player.on('error', reject)
    player.on('exit', (code, signal) => {
      process.off('exit', stop)
      if (code === 0) resolve()
      else reject(new Error(`A player of the simulation ended with ${signal ?? code}.`))
    })
  })
}
