// `npm run test:ops`: machines with a systemd of their own, and the playbooks on them; exits 0 only if every step held.
import { printProgress } from '#local/stack/progress.ts'
import { runMain, UserError } from '#local/user-error.ts'
import { cleanMachines } from '#tests/ops/machines/open-machines.ts'
import { requireHost } from '#tests/ops/machines/require-host.ts'
import { runOps } from '#tests/ops/run-ops.ts'

const help = `npm run test:ops [-- options]: two machines made with debootstrap and systemd-nspawn, and the playbooks on them

  --clean       takes away what a run left that was killed by force
  --check-host  says whether machines can be made here, and makes none
  --help

It needs root on a Debian 12 or newer, says which packages are missing, and leaves nothing behind.`

const known = [undefined, '--clean', '--check-host', '--help']

await runMain(async () => {
  const [first, ...others] = process.argv.slice(2)
  if (first === '--help') return console.log(help)
  if (others.length > 0 || !known.includes(first))
    throw new UserError(`${process.argv.slice(2).join(' ')} is not known here.\n\n${help}`)
  if (first === '--clean') return cleanMachines()
  if (first === '--check-host') return void (await requireHost())

  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => interrupted.abort(new UserError('Interrupted; everything that was made is taken away.')))
  const startedAt = performance.now()
  let held = 0
  const summarize = (failed: number) =>
    console.log(`ops: ${held} steps held, ${failed} failed (${((performance.now() - startedAt) / 1000).toFixed(0)} s)`)
  const progress = printProgress((line) => console.log(line))
  try {
    await runOps(
      {
        ...progress,
        async step(name, run, describe) {
          const value = await progress.step(name, run, describe)
          held += 1
          return value
        },
      },
      interrupted.signal,
    )
  } catch (error) {
    summarize(1)
    throw error
  }
  summarize(0)
})
