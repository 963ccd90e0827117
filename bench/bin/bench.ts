// `npm run bench`: what the driver costs beside raw Baileys, as a table and as JSON.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { help, readArguments } from '#bench/read-arguments.ts'
import { printReport } from '#bench/report/table.ts'
import { runBenchmarks } from '#bench/run-benchmarks.ts'
import { fullSizes, quickSizes } from '#bench/sizes.ts'
import { openStage } from '#bench/stage/open-stage.ts'
import { runMain } from '#local/user-error.ts'

await runMain(async () => {
  const { action, chosen, quick, jsonFile, profileFolder } = readArguments(process.argv.slice(2))
  if (action === 'help') return console.log(help)
  if (action === 'list') {
    const sizes = quick ? quickSizes : fullSizes
    for (const { name, what, often } of chosen) console.log(`${name.padEnd(14)} ${what}. ${often(sizes)}.`)
    return
  }

  if (profileFolder !== undefined) await mkdir(profileFolder, { recursive: true })
  const stage = await openStage({ profileFolder: profileFolder && path.resolve(profileFolder) })
  const interrupt = () => void stage.close().finally(() => process.exit(130))
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    const report = await runBenchmarks(stage, chosen, { quick, progress: (line) => console.error(line) })
    console.log(printReport(report))
    await mkdir(path.dirname(jsonFile), { recursive: true })
    await writeFile(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`)
    console.error(`As JSON: ${jsonFile}`)
  } finally {
    await stage.close()
  }
})
