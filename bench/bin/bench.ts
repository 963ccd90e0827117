// `npm run bench`: what the driver costs beside raw Baileys, as a table and as JSON.
import { mkdir, writeFile } from 'node:fs/promises'
import { constants } from 'node:os'
import path from 'node:path'
import { help, readArguments } from '#bench/read-arguments.ts'
import { printReport } from '#bench/report/table.ts'
import { Interrupted, runBenchmarks } from '#bench/run-benchmarks.ts'
import { fullSizes, quickSizes } from '#bench/sizes.ts'
import { openStage } from '#bench/stage/open-stage.ts'
import { runMain } from '#local/user-error.ts'

await runMain(async () => {
  const { action, chosen, quick, jsonFile, profileFolder } = readArguments(process.argv.slice(2))
  if (action === 'help') return console.log(help)
  if (action === 'list') {
    const sizes = quick ? quickSizes : fullSizes
    for (const { name, what, often, seconds } of chosen) {
      const takes = seconds === undefined || quick ? '' : ` Takes about ${seconds} s.`
      console.log(`${name.padEnd(14)} ${what}. ${often(sizes)}.${takes}`)
    }
    return
  }

  if (profileFolder !== undefined) await mkdir(profileFolder, { recursive: true })
  const stage = await openStage({ profileFolder: profileFolder && path.resolve(profileFolder) })
  // What was measured until then is told all the same; a second signal ends it at once.
  const interrupted = new Promise<never>((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.exitCode = 128 + constants.signals[signal]
        reject(new Interrupted(signal))
      })
    }
  })
  interrupted.catch(() => {})
  try {
    const progress = (line: string) => console.error(line)
    const report = await runBenchmarks(stage, chosen, { quick, progress, interrupted })
    if (report.endedEarly !== null) process.exitCode ??= 1
    console.log(printReport(report))
    await mkdir(path.dirname(jsonFile), { recursive: true })
    await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`)
    console.error(`As JSON: ${jsonFile}`)
  } finally {
    await stage.close()
  }
  // What was interrupted may still wait for a process that is gone.
  process.exit()
})
