// `npm run test:simulation`: plays seeds on every core; a seed whose promises broke is named and can be played again.
import { runMain } from '#local/user-error.ts'
import { playOnAllCores } from '#tests/simulation/play-on-all-cores.ts'
import { help, readArguments } from '#tests/simulation/read-arguments.ts'
import { runSeed } from '#tests/simulation/run-seed.ts'

const namedFailures = 20

await runMain(async () => {
  const asked = readArguments(process.argv.slice(2))
  if (asked.action === 'help') return console.log(help)
  if (asked.action === 'tell') {
    const { broken, lastedMs, happened } = await runSeed(asked.seed, (line) => console.log(line))
    console.log(`\nSeed ${asked.seed}: ${happened} happenings in ${Math.round(lastedMs / 1_000)} virtual seconds.`)
    console.log(broken === undefined ? 'Every promise held.' : `BROKEN: ${broken}`)
    if (broken !== undefined) process.exitCode = 1
    return
  }

  const { first, seeds } = asked
  const startedAt = performance.now()
  const total = await playOnAllCores({ first, seeds, progress: (done) => console.error(`  ${done} of ${seeds} seeds`) })
  const seconds = (performance.now() - startedAt) / 1_000
  const { failures, messages, happened, lastedMs, met } = total
  console.log(`simulation: ${seeds} seeds (${first} to ${first + seeds - 1}) in ${seconds.toFixed(1)} s`)
  console.log(`  ${messages} messages, ${happened} happenings, ${(lastedMs / 3_600_000).toFixed(1)} virtual hours`)
  console.log(
    `  ${met.restricted} accounts restricted, ${met.slowed} slowed, ${met.probed} events that probed endpoints`,
  )
  console.log(`  ${failures.length} seeds in which a promise broke`)
  for (const { seed, broken } of failures.slice(0, namedFailures)) {
    console.log(`  seed ${seed}: ${broken}\n    again, with its story: npm run test:simulation -- --seed ${seed}`)
  }
  if (failures.length > 0) process.exitCode = 1
})
