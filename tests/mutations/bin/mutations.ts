// `npm run test:mutations`: plants the field's known mistakes into a copy of the sources; the suites must notice each.
import path from 'node:path'
import { parseArgs } from 'node:util'
import { runMain, UserError } from '#local/user-error.ts'
import { applyEdits } from '#tests/mutations/apply-edits.ts'
import { copySources } from '#tests/mutations/copy-sources.ts'
import { judgeMutation } from '#tests/mutations/judge-mutation.ts'
import { mutations, type Mutation } from '#tests/mutations/mutations.ts'
import { runSuites } from '#tests/mutations/run-suites.ts'

const help = `npm run test:mutations -- [options]

Plants known mistakes into a copy of the sources, one at a time, and runs the suites that have to notice. Ends with 0 only
if the copy is green without a mistake and red with each. See docs/simulation.md.

${mutations.map(({ name, mistake }) => `  ${name.padEnd(22)}${mistake}`).join('\n')}

  --only NAME   one of them
  --help`

const root = path.resolve(import.meta.dirname, '../../..')

await runMain(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, help: { type: 'boolean' } } })
  if (values.help === true) return console.log(help)
  const chosen = mutations.filter(({ name }) => values.only === undefined || name === values.only)
  if (chosen.length === 0) throw new UserError(`There is no mutation "${values.only}".\n\n${help}`)

  const copy = await copySources(root)
  try {
    if (!(await isGreen(copy.root, chosen))) return
    const rows: string[][] = []
    for (const mutation of chosen) rows.push(await plant(copy.root, mutation))
    console.log()
    for (const row of rows) console.log(row.join('  '))
    const red = rows.filter(([, verdict]) => verdict?.trim() === 'red').length
    console.log(`mutations: ${red} of ${chosen.length} red`)
    if (red < chosen.length) process.exitCode = 1
  } finally {
    await copy.remove()
  }
})

/** Without a mistake everything must pass, else red would mean nothing. */
async function isGreen(at: string, chosen: readonly Mutation[]): Promise<boolean> {
  console.error('without a mistake ...')
  const results = await runSuites(at, [...new Set(chosen.flatMap(({ suites }) => suites))])
  const bad = results.filter(({ failed, broken }) => failed.length > 0 || broken !== undefined)
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  console.log(`without a mistake: ${passed} tests passed, ${bad.length === 0 ? 'green' : 'NOT green'}`)
  for (const { file, failed, broken } of bad) console.log(`  ${file}: ${broken ?? failed.join('; ')}`)
  if (bad.length > 0) process.exitCode = 1
  return bad.length === 0
}

async function plant(at: string, mutation: Mutation): Promise<string[]> {
  console.error(`${mutation.name} ...`)
  const undo = await applyEdits(at, mutation.edits)
  try {
    const results = await runSuites(at, mutation.suites)
    const verdict = judgeMutation(mutation, results)
    const failed = results.reduce((sum, result) => sum + result.failed.length, 0)
    const tests = results.reduce((sum, result) => sum + result.passed + result.failed.length, 0)
    const told = 'by' in verdict ? verdict.by : verdict.why
    return [mutation.name.padEnd(22), verdict.verdict.padEnd(12), `${failed} of ${tests} tests`.padEnd(18), told]
  } finally {
    await undo()
  }
}
